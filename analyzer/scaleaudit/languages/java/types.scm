; what stands for a type that the tables name: fields, parameters, locals, results of methods
(field_declaration
  type: [
    (type_identifier) @_type
    (generic_type [(type_identifier) @_type (scoped_type_identifier (type_identifier) @_type .)])
    (scoped_type_identifier (type_identifier) @_type .)
  ]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(local_variable_declaration
  type: [
    (type_identifier) @_type
    (generic_type [(type_identifier) @_type (scoped_type_identifier (type_identifier) @_type .)])
    (scoped_type_identifier (type_identifier) @_type .)
  ]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(formal_parameter
  type: [
    (type_identifier) @_type
    (generic_type [(type_identifier) @_type (scoped_type_identifier (type_identifier) @_type .)])
    (scoped_type_identifier (type_identifier) @_type .)
  ]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(resource
  type: [
    (type_identifier) @_type
    (generic_type (type_identifier) @_type)
    (scoped_type_identifier (type_identifier) @_type .)
  ]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(method_declaration
  type: [
    (type_identifier) @_type
    (generic_type (type_identifier) @_type)
    (scoped_type_identifier (type_identifier) @_type .)
  ]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed

; `var`, apart: each list that names the tables is one long expression, and equal ones are compiled once
([(local_variable_declaration type: (type_identifier) @_var) (resource type: (type_identifier) @_var)] @typed
  (#eq? @_var "var"))

; this.client = new RestTemplate(); client = builder.build()
(assignment_expression
  left: [(identifier) (field_access object: (this))]
  right: (object_creation_expression
    type: [(type_identifier) @_made (scoped_type_identifier (type_identifier) @_made .)]
    (#any-of? @_made $BINDING_NAMES))) @made
(assignment_expression
  left: [(identifier) (field_access object: (this))]
  right: (method_invocation name: (identifier) @_maker)
  (#any-of? @_maker "build" "create" "newHttpClient" "createDefault" "newClient")) @made
