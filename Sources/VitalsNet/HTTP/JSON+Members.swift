import NIOCore
import VitalsCore

extension JSON {
    /// Of an object; of several of one name the last. Nothing where it is no object or has none.
    func member(_ name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// Of an array; empty where it is none.
    var elements: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    var asText: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var asBool: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    /// A finite number.
    var asNumber: Double? {
        let number: Double? =
            switch self {
            case .integer(let number): Double(number)
            case .number(let number): number
            case .decimal(let text): Number.parse(text) ?? Double(text)
            default: nil
            }
        return number.flatMap { $0.isFinite ? $0 : nil }
    }
}

extension HTTPResponse {
    /// The body as JSON; nothing if it is none.
    var json: JSON? { try? JSON(parsing: Array(body.readableBytesView)) }

    /// What the body seems to be, for people, where it should have been something else.
    var seemingly: String {
        guard body.readableBytes > 0 else { return "nothing" }
        let start = String(decoding: body.readableBytesView.prefix(256), as: UTF8.self).lowercased()
        let isPage = start.contains("<!doctype html") || start.contains("<html")
        return isPage ? "a page of HTML" : "something else"
    }
}
