(call_expression
  function: [
    (identifier) @_called
    (selector_expression field: (field_identifier) @_called)
    (index_expression operand: (selector_expression field: (field_identifier) @_called))
  ]
  (#any-of? @_called $CALL_NAMES)) @call

; &sarama.ProducerMessage{...}: a struct of a known package says as much as a call
(composite_literal
  type: (qualified_type name: (type_identifier) @_built)
  (#any-of? @_built $CALL_NAMES)) @call

; os.Getenv, getEnv("KEY", "default"), mustMapEnv(&target, "KEY"), viper.GetString("a.b")
(call_expression
  function: [
    (identifier) @_environment
    (selector_expression field: (field_identifier) @_environment)
  ]
  (#match? @_environment "[eE]nv|^ENV")) @environment
(call_expression
  function: (selector_expression
    operand: (_) @_viper
    field: (field_identifier) @_read)
  (#match? @_viper "^([a-zA-Z.]+\\.)?(viper|vp)$")
  (#match? @_read "^Get")) @environment

; pb.RegisterCartServiceServer(server, implementation)
(call_expression
  function: [
    (identifier) @_registers
    (selector_expression field: (field_identifier) @_registers)
  ]
  arguments: (argument_list . (_) . (_) .)
  (#match? @_registers "^Register[A-Z][A-Za-z0-9]*Server$")) @grpc_service

(go_statement) @go
