@testable import VitalsCore

extension FuzzTarget {
    /// A condition, a line feed, and the body of the answer that it is tried on.
    static let condition = FuzzTarget(name: "condition", feed: ConditionTarget.feed)
}

private enum ConditionTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let written = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let text = String(decoding: written, as: UTF8.self)
        let body = Array(bytes.dropFirst(written.count + 1))
        let condition: Condition
        do {
            condition = try Condition(parsing: text)
        } catch {
            try promise((1...text.unicodeScalars.count + 1).contains(error.column), "column \(error.column)")
            try promise(!error.message.isEmpty && error.message.utf8.count < 1_024, "a strange message")
            return try promise(!error.message.contains { $0.isNewline }, "more than a line: \(error.message)")
        }
        for observation in observations(body) {
            let result = condition.evaluate(on: observation)
            let explanation = condition.explain(on: observation)
            try promise(explanation.verdict == result.verdict, "explains another verdict")
            try promise(explanation.steps.last?.depth == 0, "explains no whole")
            try isTurned(result, text, on: observation)
        }
    }

    private static func observations(_ body: [UInt8]) -> [Observation] {
        let text = String(decoding: body, as: UTF8.self)
        let rows = Observation.Rows(
            columns: ["a", "b"], kept: [[.text(text), .null], [.number(text), .bool(true)]], count: 3)
        return [
            Observation(body: body), Observation(body: body, isBodyCut: true),
            Observation(
                status: body.count, headers: [Observation.Header("x", text)], address: text,
                isConnected: false, dnsCode: text, certificateTimeLeft: .seconds(body.count), rows: rows,
                latency: .milliseconds(body.count), phases: [PhaseTiming(.tls, .microseconds(body.count))]),
        ]
    }

    /// What holds does not hold under `not`, what is an error stays one.
    private static func isTurned(
        _ result: ConditionResult, _ text: String, on observation: Observation
    ) throws(BrokenPromise) {
        guard let negated = try? Condition(parsing: "not (\(text))") else { return }
        switch (result.verdict, negated.evaluate(on: observation).verdict) {
        case (.holds, .fails), (.fails, .holds), (.error, .error): return
        case (let one, let other): throw BrokenPromise(description: "\(text): \(one), and not: \(other)")
        }
    }
}
