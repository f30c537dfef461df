extension OpenAPIDocument {
    static let parameters = """
        {
        "limit": {"name": "limit", "in": "query", "description": "How many items at most.",
          "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}},
        "idempotencyKey": {"name": "Idempotency-Key", "in": "header",
          "description": "\(idempotency)",
          "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}},
        "ofHealthCheck": {"name": "health_check", "in": "query", "description": "Only of this health check.",
          "schema": {"$ref": "#/components/schemas/HealthCheckID"}},
        "healthCheck": {"name": "id", "in": "path", "required": true,
          "schema": {"$ref": "#/components/schemas/HealthCheckID"}}
        }
        """

    private static let idempotency = """
        Sent again with the same key within a day, the same request is not carried out again and gets the \
        same answer. Another request under it gets 422, and any 409 while the first has not ended.
        """

    static let responses = """
        {
        "Problem": {"description": "Not done, and why.", "content": {"application/problem+json": {"schema":
          {"$ref": "#/components/schemas/Problem"}}}},
        "Text": {"description": "The status decides, the text is for people.", "content": {"text/plain":
          {"schema": {"type": "string"}}}}
        }
        """

    /// The codes of problems, as an enumeration.
    static var problemCodes: String {
        Problem.Code.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
}
