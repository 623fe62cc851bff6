(call
  function: [(identifier) @_called (attribute attribute: (identifier) @_called)]
  (#any-of? @_called $CALL_NAMES)) @call

(decorator
  [
    (identifier) @_decorates
    (attribute attribute: (identifier) @_decorates)
    (call function: [(identifier) @_decorates (attribute attribute: (identifier) @_decorates)])
  ]
  (#any-of? @_decorates $ANNOTATION_NAMES)) @annotation

; os.environ["KEY"]
(subscript
  value: (attribute attribute: (identifier) @_environ)
  (#eq? @_environ "environ")) @environ

; path("orders/", views.orders) in a URLconf; Route("/orders", orders) in a list of routes
(call
  function: [(identifier) @_route (attribute attribute: (identifier) @_route)]
  (#any-of? @_route "path" "re_path" "url" "Route" "WebSocketRoute" "Mount" "register")) @route_entry

; stub = orders_pb2_grpc.OrdersStub(channel); add_OrdersServicer_to_server(servicer, server)
(assignment
  right: (call function: [(identifier) @_stub (attribute attribute: (identifier) @_stub)])
  (#match? @_stub "Stub$")) @stub
(call
  function: [(identifier) @_served (attribute attribute: (identifier) @_served)]
  (#match? @_served "^add_.+Servicer_to_server$")) @servicer
