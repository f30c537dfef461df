extension OpenAPIDocument {
    /// What is asked for by hand about messages.
    static let tellingPaths = """
        "/api/v1/notifications/{id}/retry": {"post": {
          "operationId": "retryNotification", "summary": "Try it once more, now",
          "description": "Of one that failed, was refused or waits for its next attempt. Answered once that \
        is recorded, not once it is sent.",
          "tags": ["deliveries"],
          "parameters": [{"$ref": "#/components/parameters/idempotencyKey"},
            {"name": "id", "in": "path", "required": true, "schema": {"type": "string"},
            "description": "The `notification` of a delivery."}],
          "responses": {
            "200": {"description": "It is due.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/RetriedNotification"}}}},
            "404": {"$ref": "#/components/responses/Problem"},
            "409": {"$ref": "#/components/responses/Problem"},
            "413": {"$ref": "#/components/responses/Problem"},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}},
        "/api/v1/channels/{id}/test": {"post": {
          "operationId": "testChannel", "summary": "Send one message that says that it is a test",
          "description": "Sent once and at once, past the outbox; at most once in ten seconds.",
          "tags": ["channels"],
          "parameters": [{"$ref": "#/components/parameters/idempotencyKey"},
            {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
          "responses": {
            "200": {"description": "It was taken.", "content": {"application/json": {"schema":
              {"$ref": "#/components/schemas/TestedChannel"}}}},
            "404": {"$ref": "#/components/responses/Problem"},
            "413": {"$ref": "#/components/responses/Problem"},
            "429": {"description": "It was tried a short while ago; code `cooldown`.",
              "headers": {"Retry-After": {"description": "Whole seconds.", "required": true,
                "schema": {"type": "integer", "minimum": 1}}},
              "content": {"application/problem+json": {"schema":
                {"$ref": "#/components/schemas/Problem"}}}},
            "502": {"description": "It was not taken; code `not_delivered`, and why.",
              "content": {"application/problem+json": {"schema":
                {"$ref": "#/components/schemas/Problem"}}}},
            "503": {"$ref": "#/components/responses/Problem"},
            "default": {"$ref": "#/components/responses/Problem"}
          }}}
        """
}
