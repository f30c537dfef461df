/// The description of the API, OpenAPI 3.1: what the tests hold every answer against.
enum OpenAPIDocument {
    /// - Parameter version: the product's.
    static func text(version: String) -> String {
        """
        {
        "openapi": "3.1.0",
        "info": {
          "title": "Vitals",
          "version": "\(version)"
        },
        "paths": {},
        "components": {}
        }
        """
    }
}
