import Hummingbird
import VitalsCore

/// The JSON object that a request brings.
enum Document {
    private static let creating: Set = [
        "/api/v1/channels", "/api/v1/checks", "/api/v1/groups", "/api/v1/systems",
    ]

    /// Whether a body is asked for, rather than dropped.
    static func isAsked(by request: Request) -> Bool {
        switch request.method {
        case .put, .patch: true
        case .post: creating.contains(request.uri.path)
        default: false
        }
    }

    /// The body, which the front door has read.
    static func read(_ request: Request, _ limits: ServerLimits) async throws -> JSON {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { type in
            type.lowercased().filter { $0 != " " && $0 != "\t" }
        }
        guard type == "application/json" else {
            throw Problem(.unsupportedMediaType, "The body is JSON, with Content-Type: application/json.")
        }
        let buffer = try await request.body.collect(upTo: limits.document)
        let document: JSON
        do throws(JSONError) {
            document = try JSON(parsing: Array(buffer.readableBytesView), .strict)
        } catch {
            throw Problem(.badJSON, "The body is not JSON: \(error.message)")
        }
        guard case .object = document else { throw Problem(.badJSON, "The body is not a JSON object.") }
        return document
    }
}

/// The version of what is stored, as an `ETag` and as `If-Match` asks for it (RFC 9110).
enum EntityTag {
    static func text(_ version: Int64) -> String { "\"\(version)\"" }

    /// The versions that are expected; nothing: any.
    static func expected(by request: Request) -> [Int64]? {
        versions(in: request.headers[values: .ifMatch])
    }

    static func versions(in fields: [String]) -> [Int64]? {
        guard !fields.isEmpty else { return nil }
        let tags = fields.joined(separator: ",").split(separator: ",").map { tag in
            String(tag.filter { $0 != " " })
        }
        guard !tags.contains("*") else { return nil }
        return tags.compactMap { tag in
            guard tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
            return Int64(tag.dropFirst().dropLast())
        }
    }
}
