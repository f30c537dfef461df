import Hummingbird
import VitalsCore

/// The parameters of a request's query, decoded, in their order.
struct Query: Sendable, Equatable {
    private var parameters: [(name: String, value: String)] = []

    /// - Throws: `bad_request` when something in it is not percent-encoded UTF-8.
    init(of request: Request) throws(Problem) {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "")
            else { throw Problem(.badRequest, "The query is not percent-encoded UTF-8.") }
            parameters.append((name, value))
        }
    }

    /// The value of the first parameter of this name; empty when it was given without one.
    subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// The values of all parameters of this name.
    func all(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }

    /// The health check that a list is to be about; one that is not configured any more has a past still.
    func healthCheck() throws(Problem) -> HealthCheckID? {
        guard let text = self["health_check"] else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ StoredShape.isSlug(String($0)) }) else {
            throw Problem(.badRequest, "`health_check` is written as <system>.<check>.")
        }
        return HealthCheckID(text)
    }

    static func == (left: Query, right: Query) -> Bool {
        left.parameters.elementsEqual(right.parameters) { $0 == $1 }
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Hexadecimal.digit),
                    let low = rest.popFirst().flatMap(Hexadecimal.digit)
                else { return nil }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
