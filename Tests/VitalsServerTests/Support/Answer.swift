import Foundation

/// What a server answered.
struct Answer {
    let status: Int
    /// In their order.
    let headers: [(name: String, value: String)]
    var body: [UInt8] = []

    init(head: String) {
        let lines = head.components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        headers = lines.dropFirst().compactMap { line in
            line.firstIndex(of: ":").map { colon in
                (
                    String(line[..<colon]),
                    line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                )
            }
        }
    }

    subscript(header: String) -> String? {
        headers.first { $0.name.lowercased() == header.lowercased() }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty when it is none.
    var json: [String: Any] {
        get throws { try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:] }
    }

    /// The `code` of a problem, which must then be whole.
    var problemCode: String? {
        get throws {
            guard self["Content-Type"] == "application/problem+json" else { return nil }
            let problem = try json
            guard problem["status"] as? Int == status, problem["type"] as? String == "about:blank",
                problem["title"] is String, problem["detail"] is String
            else { return nil }
            return problem["code"] as? String
        }
    }
}
