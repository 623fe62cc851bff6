(namespace_definition name: (namespace_name) @namespace)
(namespace_use_declaration) @use

(require_expression) @require
(require_once_expression) @require
(include_expression) @require
(include_once_expression) @require

(const_element (name) (_)) @constant
(property_declaration
  (property_element name: (variable_name) default_value: [(string) (encapsed_string)]) @property)
(function_call_expression function: (name) @_defines (#eq? @_defines "define")) @define

; class Ship implements ShouldQueue
(class_declaration (class_interface_clause) @_interfaces (#match? @_interfaces "ShouldQueue")) @queued

; what containers and factories hand to constructors
(object_creation_expression
  (arguments
    (argument (function_call_expression function: (name) @_reads)))
  (#match? @_reads "^(env|getenv|config)$")) @made
(object_creation_expression
  (arguments
    (argument (_ (function_call_expression function: (name) @_reads))))
  (#match? @_reads "^(env|getenv|config)$")) @made
(object_creation_expression
  (arguments
    (argument [(string) (encapsed_string)] @_text))
  (#match? @_text "^.[a-z][a-z0-9+]*:(//|host=)")) @made
(object_creation_expression
  (arguments
    (argument (subscript_expression (variable_name) @_env)))
  (#eq? @_env "$_ENV")) @made
(member_call_expression
  name: (name) @_wires
  (#match? @_wires "^(setParameter|addArgument|setArgument|arg|args|setArguments|constructorParameter)$")) @wired
