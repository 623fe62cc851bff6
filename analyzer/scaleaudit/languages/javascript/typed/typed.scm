; (app: Express), private http: HttpService, client: axios.AxiosInstance
(type_annotation [
    (type_identifier) @_type
    (generic_type name: (type_identifier) @_type)
    (nested_type_identifier name: (type_identifier) @_type)]
  (#any-of? @_type $BINDING_NAMES)) @typed

; class fields as the TypeScript grammars name them
(public_field_definition name: (property_identifier) value: (_)) @field
