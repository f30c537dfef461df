import VitalsCore

/// The description of the API, OpenAPI 3.1: served, complete, and what the tests hold every answer against.
enum OpenAPIDocument {
    /// JSON text.
    ///
    /// - Parameters:
    ///   - version: the product's; letters, digits, dots and dashes.
    ///   - server: a URL or a path.
    static func text(version: String, server: String = "/") -> String {
        """
        {
        "openapi": "3.1.0",
        "info": {
          "title": "Vitals",
          "summary": "Watches databases and services, and tells the truth about them.",
          "description": "\(introduction)",
          "version": "\(version)"
        },
        "servers": [{"url": \(JSON.string(server).text)}],
        "security": [{"token": []}, {}],
        "tags": [
          {"name": "systems", "description": "What people care about: databases and services."},
          {"name": "health checks", "description": "One check on one system: what is run, judged and told."},
          {"name": "checks", "description": "What is probed and how, on as many systems as it says."},
          {"name": "groups", "description": "Systems that belong together."},
          {"name": "pings", "description": "Where those are heard that are not asked."},
          {"name": "history", "description": "What changed, and when."},
          {"name": "deliveries", "description": "What was sent to channels."},
          {"name": "channels", "description": "Where notifications go."},
          {"name": "stream", "description": "What happens, as it happens."},
          {"name": "configuration", "description": "What this server goes by."},
          {"name": "health", "description": "How this server itself does; public."}
        ],
        "paths": \(paths),
        "components": {
          "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "\(security)"},
            "heartbeat": {"type": "http", "scheme": "bearer", "description": "The token of the heartbeat."}
          },
          "parameters": \(parameters),
          "responses": \(responses),
          "schemas": \(schemas)
        }
        }
        """
    }

    private static let introduction = """
        Instants are RFC 3339 in UTC; durations carry their unit in their name. Every error is a problem \
        (RFC 9457) whose `code` is for programs. Lists are paged: give `next_cursor` as `cursor` until it is \
        null.
        """

    private static let security = """
        The value of API_TOKEN. Without one the server listens on loopback only and answers no Host but its \
        own.
        """
}
