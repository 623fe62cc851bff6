; what stands for a type that the tables name
(property_declaration
  (variable_declaration [
    (user_type (identifier) @_type)
    (nullable_type (user_type (identifier) @_type))
  ])
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(class_parameter
  [(user_type (identifier) @_type) (nullable_type (user_type (identifier) @_type))]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(parameter
  [(user_type (identifier) @_type) (nullable_type (user_type (identifier) @_type))]
  (#any-of? @_type "Builder" "RestOperations" "AsyncRestTemplate" "OAuth2RestTemplate" "OAuth2RestOperations" "KafkaOperations" "AmqpTemplate" "RabbitOperations" "JmsOperations"
    $BINDING_NAMES)) @typed
(property_declaration
  (variable_declaration . (identifier) .)
  [
    (call_expression . (identifier) @_made)
    (call_expression . (call_expression . (identifier) @_made))
  ]
  (#any-of? @_made $BINDING_NAMES)) @typed
(property_declaration
  (variable_declaration . (identifier) .)
  (call_expression . (navigation_expression (identifier) @_maker .))
  (#any-of? @_maker "build" "create" "newHttpClient" "createDefault" "newClient")) @typed
