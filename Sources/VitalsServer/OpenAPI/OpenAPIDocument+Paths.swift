extension OpenAPIDocument {
    static let paths = """
        {
        "/": {"get": {
          "operationId": "getIndex", "summary": "Where everything is", "tags": ["health"],
          "responses": {
            "200": {"description": "The paths by their names.", "content": {"application/json": {"schema":
              {"type": "object", "additionalProperties": {"type": "string"}}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        \(systemPaths),
        \(channelPaths),
        "/api/v1/health-checks": {"get": {
          "operationId": "listHealthChecks", "summary": "All health checks, by id", "tags": ["health checks"],
          "parameters": [
            {"$ref": "#/components/parameters/limit"}, \(cursor(of: "health-checks", by: .id))],
          "responses": {
            "200": {"description": "A page of health checks.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/HealthCheckList"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        \(healthCheckPath),
        \(notificationPath),
        \(groupPaths),
        \(checkPaths),
        "/api/v1/health-checks/{id}/run": {"post": {
          "operationId": "runHealthCheck", "summary": "Run it now, and wait for what it found",
          "description": "Joins a run in flight. 200 whatever was found: the request succeeded.",
          "tags": ["health checks"],
          "parameters": [{"$ref": "#/components/parameters/idempotencyKey"},
            {"$ref": "#/components/parameters/healthCheck"}],
          "responses": {
            "200": {"description": "The recorded run, and the health check after it.", "content":
              {"application/json": {"schema": {"$ref": "#/components/schemas/ManualRun"}}}},
            "404": {"$ref": "#/components/responses/Problem"},
            "413": {"$ref": "#/components/responses/Problem"},
            "429": {"description": "It was run on demand a short while ago; code `cooldown`.",
              "headers": {"Retry-After": {"description": "Whole seconds.", "required": true,
                "schema": {"type": "integer", "minimum": 1}}},
              "content": {"application/problem+json": {"schema":
                {"$ref": "#/components/schemas/Problem"}}}},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/health-checks/{id}/runs": {"get": {
          "operationId": "listRuns", "summary": "Its runs and misses, newest first",
          "tags": ["health checks"],
          "parameters": [
            {"$ref": "#/components/parameters/healthCheck"},
            {"$ref": "#/components/parameters/limit"}, \(cursor(of: "runs", by: .number))],
          "responses": {
            "200": {"description": "A page of runs and misses.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/RunList"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        \(historyPaths),
        \(pingPaths),
        "/api/v1/deliveries": {"get": {
          "operationId": "listDeliveries", "summary": "All deliveries, by id", "tags": ["deliveries"],
          "parameters": [
            {"$ref": "#/components/parameters/limit"}, \(cursor(of: "deliveries", by: .number))],
          "responses": {
            "200": {"description": "A page of deliveries.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/DeliveryList"}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        \(tellingPaths),
        "/api/v1/stream": {"get": {
          "operationId": "streamEvents", "summary": "What happens, as server-sent events",
          "description": "\(stream)",
          "tags": ["stream"],
          "parameters": [
            {"name": "types", "in": "query", "style": "form", "explode": false,
              "description": "Which events; all of these unless given.",
              "schema": {"type": "array", "minItems": 1, "items": {"enum": ["transition", "delivery"]}}},
            {"name": "health_check", "in": "query",
              "description": "Only events of this health check, and its `run.completed` too.",
              "schema": {"$ref": "#/components/schemas/HealthCheckID"}},
            {"name": "Last-Event-ID", "in": "header", "description": "The id after which to go on.",
              "schema": {"type": "string"}},
            {"name": "last_event_id", "in": "query",
              "description": "The same, for who cannot set headers; the header goes first.",
              "schema": {"type": "string"}}
          ],
          "responses": {
            "200": {"description": "Events without end; each of them is as the schema says.",
              "content": {"text/event-stream": {"schema": {"type": "object", "additionalProperties": false,
                "properties": {
                  "id": {"type": "string"}, "retry": {"type": "integer"},
                  "event": {"enum": ["transition", "delivery", "run.completed", "reset"]},
                  "data": {"type": "string", "contentMediaType": "application/json",
                    "contentSchema": {"$ref": "#/components/schemas/Event"}}}}}}},
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/openapi.json": {"get": {
          "operationId": "getDescription", "summary": "This description", "tags": ["health"],
          "responses": {
            "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema":
              {"type": "object"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        \(metricsPath),
        \(serverPaths),
        \(healthPaths)
        }
        """

    private static let metricsPath = """
        "/metrics": {"get": {
          "operationId": "getMetrics", "summary": "Everything as numbers, for Prometheus",
          "description": "From memory. OpenMetrics 1.0 if Accept asks for it, Prometheus text 0.0.4 else.",
          "tags": ["health"],
          "responses": {
            "200": {"description": "All families.", "content": {
              "text/plain; version=0.0.4; charset=utf-8": {"schema": {"type": "string"}},
              "application/openmetrics-text; version=1.0.0; charset=utf-8":
                {"schema": {"type": "string"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """

    private static let healthPaths = """
        "/health": {"get": {
          "operationId": "getHealth", "summary": "A word for the whole and one for each component",
          "description": "From memory. Only public names; no other text.",
          "tags": ["health"], "security": [{}],
          "responses": {
            "200": {"description": "Healthy or degraded.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/Health"}}}},
            "429": {"description": "You ask too often; code `too_many_requests`.",
              "headers": {"Retry-After": {"description": "Whole seconds.", "required": true,
                "schema": {"type": "integer", "minimum": 1}}},
              "content": {"application/problem+json": {"schema":
                {"$ref": "#/components/schemas/Problem"}}}},
            "500": {"description": "Unhealthy; another status if HEALTH_UNHEALTHY_HTTP_STATUS says so.",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        \(readinessPaths)
        """

    private static let stream = """
        Each event has an `id` (`<boot>-<sequence>`), an `event` (its type) and a `data` (JSON). Given the \
        last id, it goes on after it; if that cannot be done, one event `reset` comes first: look at \
        everything afresh. \
        A client that falls more than 1,000 events behind is cut off.
        """
}
