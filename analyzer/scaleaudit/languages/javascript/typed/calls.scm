; (app: Express), private http: HttpService, client: axios.AxiosInstance
(type_annotation [
    (type_identifier) @_type
    (generic_type name: (type_identifier) @_type)
    (nested_type_identifier name: (type_identifier) @_type)]
  (#any-of? @_type $BINDING_NAMES)) @typed

; `await client.get<Order>(url)`: these grammars take `await client.get` for the function
(call_expression
  function: (await_expression [
    (identifier) @_awaited
    (member_expression property: (property_identifier) @_awaited)])
  (#any-of? @_awaited $CALL_NAMES $BINDING_NAMES)) @call
