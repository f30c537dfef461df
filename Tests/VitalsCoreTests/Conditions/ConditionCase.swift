import Testing

@testable import VitalsCore

/// A condition, what is seen, and what becomes of it.
struct ConditionCase: Sendable, CustomTestStringConvertible {
    enum Expected: Sendable, Equatable {
        case holds, fails
        /// With a part of what is said.
        case error(String)
    }

    let text: String
    let observation: Observation
    let expected: Expected

    init(_ text: String, _ observation: Observation, _ expected: Expected) {
        self.text = text
        self.observation = observation
        self.expected = expected
    }

    var testDescription: String { "\(text) \(expected)" }

    func check(_ location: SourceLocation = #_sourceLocation) throws {
        let result = try Condition(parsing: text).evaluate(on: observation)
        switch (expected, result.verdict) {
        case (.holds, .holds), (.fails, .fails): break
        case (.error(let part), .error(let message)):
            #expect(message.contains(part), "\(result.seen): \(message)", sourceLocation: location)
        default:
            Issue.record(
                "\(text): expected \(expected), is \(result.verdict); \(result.seen)",
                sourceLocation: location)
        }
    }
}

extension Observation {
    static func status(_ status: Int) -> Observation { Observation(status: status) }
    static func body(_ text: String) -> Observation { Observation(body: Array(text.utf8)) }
    static func beginning(_ text: String) -> Observation {
        Observation(body: Array(text.utf8), isBodyCut: true)
    }
    static func latency(_ duration: Duration) -> Observation { Observation(latency: duration) }
    static func certificate(_ left: Duration?) -> Observation { Observation(certificateTimeLeft: left) }
    static func address(_ address: String) -> Observation { Observation(address: address) }
    static func connected(_ isConnected: Bool) -> Observation { Observation(isConnected: isConnected) }
    static func dns(_ code: String, _ answer: String = "") -> Observation {
        Observation(body: Array(answer.utf8), dnsCode: code)
    }
    static func headers(_ headers: (String, String)...) -> Observation {
        Observation(headers: headers.map { Header($0.0, $0.1) })
    }
    static func rows(_ columns: [String], _ kept: [[Field]], count: Int? = nil) -> Observation {
        Observation(rows: Rows(columns: columns, kept: kept, count: count ?? kept.count))
    }
    static let nothing = Observation()
}
