/// A request by what it asks for, so that another one under the same key is known.
package struct RequestFingerprint: Sendable, Hashable {
    /// Hexadecimal digits.
    package let text: String

    /// - Parameter whole: method, path and body.
    package init(_ whole: some Sequence<UInt8>) {
        let hash = StableHash.fnv1a(whole)
        // Two hashes of one reading: nobody but who sent both gains by two that are alike.
        let second = whole.reduce(into: UInt64(0)) { $0 = StableHash.mix($0 &+ UInt64($1) &+ 1) }
        text = "\(String(hash, radix: 16))-\(String(second, radix: 16))"
    }
}

/// What was answered to requests that carry a key, so that one that is sent again is not carried out again.
package struct RequestLedger<Answer: Sendable>: Sendable {
    /// What is to be done with a request.
    package enum Verdict {
        /// Carry it out, and say how it ended.
        case isNew
        case answered(Answer)
        /// The first one is being carried out still.
        case inFlight
        /// The key is another request's.
        case another
    }

    private struct Entry {
        let fingerprint: RequestFingerprint
        let at: Timestamp
        /// Nothing: it is being carried out.
        var answer: Answer?
        var size = 0
    }

    /// How long an answer is kept.
    package static var lifetime: Duration { .seconds(86_400) }

    private let mostAnswers: Int
    private let mostBytes: Int
    private var entries: [String: Entry] = [:]
    /// The keys of what was answered, the oldest first.
    private var answered: [String] = []
    private var bytes = 0

    package init(mostAnswers: Int, mostBytes: Int) {
        self.mostAnswers = mostAnswers
        self.mostBytes = mostBytes
    }

    /// How many answers are kept.
    package var count: Int { answered.count }

    /// A request has come.
    package mutating func begin(
        _ key: String, _ fingerprint: RequestFingerprint, at now: Timestamp
    ) -> Verdict {
        while let oldest = answered.first, let entry = entries[oldest], entry.at + Self.lifetime <= now {
            forgetOldest()
        }
        guard let entry = entries[key] else {
            entries[key] = Entry(fingerprint: fingerprint, at: now)
            return .isNew
        }
        guard entry.fingerprint == fingerprint else { return .another }
        return entry.answer.map { .answered($0) } ?? .inFlight
    }

    /// One that was new has ended.
    ///
    /// - Parameters:
    ///   - answer: nothing: it did nothing, and may be sent again.
    ///   - size: of the answer, in bytes.
    package mutating func end(_ key: String, _ answer: Answer?, size: Int = 0) {
        guard let answer else {
            entries[key] = nil
            return
        }
        entries[key]?.answer = answer
        entries[key]?.size = size
        answered.append(key)
        bytes += size
        while answered.count > mostAnswers || bytes > mostBytes, !answered.isEmpty { forgetOldest() }
    }

    private mutating func forgetOldest() {
        let key = answered.removeFirst()
        bytes -= entries.removeValue(forKey: key)?.size ?? 0
    }
}
