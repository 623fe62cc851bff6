; import a.b as c; from ..x import y
(import_statement) @import
(import_from_statement) @import

; names bound at module or class level; in classes only to what may be a text or state
(module (expression_statement (assignment left: (identifier) right: (_)) @assign))
(class_definition body: (block (expression_statement (assignment
  left: (identifier)
  right: [
    (string) (concatenated_string) (binary_operator) (boolean_operator) (subscript)
    (dictionary) (list) (set)
  ]) @assign)))
(class_definition body: (block (expression_statement (assignment
  left: (identifier)
  right: (call function: [(identifier) @_plain (attribute attribute: (identifier) @_plain)]) @_made)
  @assign))
  (#match? @_plain "env|^(config|get|url|str|db|dict|list|set|defaultdict|OrderedDict|Counter|deque|TTLCache|LRUCache|rstrip|strip|format|config_value)$"))

; self.session = requests.Session(); client = httpx.Client(); with httpx.Client() as client
(assignment
  left: [(identifier) (attribute)]
  right: [
    (call function: [(identifier) @_made (attribute attribute: (identifier) @_made)])
    (await (call function: [(identifier) @_made (attribute attribute: (identifier) @_made)]))
  ]
  (#any-of? @_made $BINDING_NAMES)) @binding
(as_pattern
  (call function: [(identifier) @_opened (attribute attribute: (identifier) @_opened)])
  alias: (as_pattern_target (identifier))
  (#any-of? @_opened "closing" "aclosing" $BINDING_NAMES)) @binding

; client: httpx.AsyncClient; tasks: BackgroundTasks | None; Annotated[AsyncClient, Depends(get)]
([
  (typed_parameter type: (type [
    (identifier) @_type
    (attribute attribute: (identifier) @_type)
    (binary_operator left: [(identifier) @_type (attribute attribute: (identifier) @_type)])
    (generic_type (type_parameter . (type [(identifier) @_type (attribute attribute: (identifier) @_type)])))
  ]))
  (typed_default_parameter type: (type [
    (identifier) @_type
    (attribute attribute: (identifier) @_type)
    (binary_operator left: [(identifier) @_type (attribute attribute: (identifier) @_type)])
    (generic_type (type_parameter . (type [(identifier) @_type (attribute attribute: (identifier) @_type)])))
  ]))
 ] @parameter
 (#any-of? @_type $BINDING_NAMES))

; self.base_url = "https://..." or an environment read
(assignment
  left: (attribute object: (identifier) @_self)
  right: [(string) (binary_operator) (boolean_operator) (subscript)]
  (#eq? @_self "self")) @field
(assignment
  left: (attribute object: (identifier) @_self)
  right: (call function: [(identifier) @_read (attribute attribute: (identifier) @_read)])
  (#eq? @_self "self")
  (#match? @_read "env|^(config|get|rstrip|strip|format)$")) @field

; class Settings(BaseSettings)
(class_definition
  superclasses: (argument_list [(identifier) @_base (attribute attribute: (identifier) @_base)])
  (#match? @_base "Settings$")) @settings_class
; app.config["SQLALCHEMY_DATABASE_URI"] = ...
(assignment
  left: (subscript
    value: [(identifier) @_config (attribute attribute: (identifier) @_config)]
    subscript: (string))
  (#match? @_config "^(config|conf|DATABASES|CACHES|STORAGES|CHANNEL_LAYERS)$")) @config_entry
