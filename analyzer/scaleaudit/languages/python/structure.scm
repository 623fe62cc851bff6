; import a.b as c; from ..x import y
(import_statement) @import
(import_from_statement) @import

; names bound once at module or class level
(module (expression_statement (assignment left: (identifier) right: (_)) @assign))
(class_definition body: (block (expression_statement (assignment left: (identifier) right: (_)) @assign)))

; self.session = requests.Session(); client = httpx.Client(); with httpx.Client() as client
(assignment
  right: [
    (call function: [(identifier) @_made (attribute attribute: (identifier) @_made)])
    (await (call function: [(identifier) @_made (attribute attribute: (identifier) @_made)]))
  ]
  (#any-of? @_made $BINDING_NAMES)) @binding
(as_pattern
  (call function: [(identifier) @_opened (attribute attribute: (identifier) @_opened)])
  alias: (as_pattern_target (identifier))
  (#any-of? @_opened $BINDING_NAMES)) @binding
(assignment
  left: (attribute object: (identifier) @_self)
  right: [(string) (binary_operator) (boolean_operator) (subscript) (call) (identifier) (attribute)]
  (#eq? @_self "self")) @field
