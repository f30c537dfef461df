extension OpenAPIDocument {
    static let parameters = """
        {
        "limit": {"name": "limit", "in": "query", "description": "How many items at most.",
          "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}},
        "cursor": {"name": "cursor", "in": "query", "description": "The `next_cursor` of the page before.",
          "schema": {"type": "string", "maxLength": 512}},
        "ofHealthCheck": {"name": "health_check", "in": "query", "description": "Only of this health check.",
          "schema": {"$ref": "#/components/schemas/HealthCheckID"}},
        "healthCheck": {"name": "id", "in": "path", "required": true,
          "schema": {"$ref": "#/components/schemas/HealthCheckID"}}
        }
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
