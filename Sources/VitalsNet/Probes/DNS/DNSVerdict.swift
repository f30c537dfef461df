import VitalsCore

/// What a reply tells, and whether it is what was expected.
struct DNSVerdict {
    private let reply: DNSReply
    private let question: DNSQuestion
    /// As in a zone file, in the order in which they came; nothing for one that breaks the rules of its kind.
    private let records: [String?]
    private let ttl: UInt32?

    init(_ reply: DNSReply, to question: DNSQuestion) {
        self.reply = reply
        self.question = question
        let found = reply.found(for: question)
        records = (found?.records ?? []).map { reply.text(of: $0) }
        ttl = found?.ttl
    }

    /// What the server answered.
    var answers: [String] { records.compactMap(\.self) }

    func steps(_ expectation: DNSExpectation) -> [ProbeStep] {
        facts + [fault(expectation) ?? .pass()]
    }

    private var facts: [ProbeStep] {
        let counts: [ProbeStep] = [
            .fact(.responseCode, .text(reply.code.text)), .fact(.answers, .list(shown)),
            .fact(.authorityRecords, .number(reply.authorities.count)),
            .fact(.additionalRecords, .number(reply.additionals.count)),
        ]
        return counts + (ttl.map { [.fact(.minimumTTL, .number(Int($0)))] } ?? [])
    }

    private var shown: [String] { Array(answers.prefix(Self.maximumShown)) }

    private func fault(_ expectation: DNSExpectation) -> ProbeStep? {
        let name = question.name.isEmpty ? "." : question.name
        if reply.code != expectation.code { return codeFault(name, expectation.code) }
        guard reply.isWhole, !records.contains(nil) else {
            return .fail(.unexpectedReply, message: "the answer about \(name) holds broken records")
        }
        guard expectation.code == .noError else { return nil }
        guard !records.isEmpty else {
            return .fail(.dnsNXDomain, message: "\(name) has no \(question.kind.text) record")
        }
        guard !expectation.agrees(with: answers) else { return nil }
        let wanted = Self.list(expectation.records)
        return .fail(
            .condition,
            message: "answered \(Self.list(answers)); expected \(expectation.match.text) \(wanted)")
    }

    private func codeFault(_ name: String, _ expected: DNSCode) -> ProbeStep {
        let code = reply.code.text
        switch reply.code {
        case .noSuchName:
            return .fail(.dnsNXDomain, code: code, message: "there is no such name as \(name)")
        case .noError:
            return .fail(.condition, code: code, message: "answered \(code); expected \(expected.text)")
        default:
            return .fail(.dnsFailure, code: code, message: "could not answer about \(name): \(code)")
        }
    }

    private static let maximumShown = 50

    private static func list(_ texts: [String]) -> String {
        let shown = texts.prefix(5).joined(separator: ", ")
        return texts.count > 5 ? "\(shown) and \(texts.count - 5) more" : shown
    }
}

extension DNSExpectation.Match {
    fileprivate var text: String {
        switch self {
        case .all: "all of"
        case .any: "one of"
        case .exact: "exactly"
        }
    }
}
