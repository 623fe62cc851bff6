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
