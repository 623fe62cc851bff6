; import a.b as c; from ..x import y
[(import_statement) (import_from_statement)] @import

; the reader looks at what stands directly in its body
(class_definition) @class

; the same expression three times: it is compiled once
; self.session = requests.Session(); client = httpx.Client(); with httpx.Client() as client
(assignment
  right: [
    (call function: [(identifier) @_made (attribute attribute: (identifier) @_made)])
    (await (call function: [(identifier) @_made (attribute attribute: (identifier) @_made)]))
  ]
  (#match? @_made "\\b$BINDING_NAMES\\b")) @binding
(as_pattern
  (call function: [(identifier) @_opened (attribute attribute: (identifier) @_opened)])
  (#match? @_opened "\\b$BINDING_NAMES\\b")) @binding
(as_pattern
  (call function: [(identifier) @_opened (attribute attribute: (identifier) @_opened)])
  (#any-of? @_opened "closing" "aclosing")) @binding

; client: httpx.AsyncClient; tasks: BackgroundTasks | None; Annotated[AsyncClient, Depends(get)]
([(typed_parameter type: (type) @_type) (typed_default_parameter type: (type) @_type)] @parameter
 (#match? @_type "\\b$BINDING_NAMES\\b"))

; self.base_url = "https://...", an environment read, what the constructor is given
(assignment
  left: (attribute object: (identifier) @_self)
  right: [(string) (concatenated_string) (binary_operator) (boolean_operator) (subscript)]
  (#eq? @_self "self")) @field
(assignment
  left: (attribute object: (identifier) @_self attribute: (identifier) @_kept)
  right: [(identifier) (attribute) (call) (conditional_expression) (dictionary) (parenthesized_expression)]
  (#eq? @_self "self")
  (#match? @_kept "(?i)ur[li]|host|addr|endpoint|base|server|service|target|dsn|domain|upstream")) @field
