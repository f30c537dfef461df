import NIOCore
import VitalsCore

extension TLSDialogue {
    /// - Parameter hasMore: whether something came behind the line.
    mutating func read(_ line: String, of upgrade: StartTLS, hasMore: Bool) -> [ProbeStep] {
        switch upgrade {
        case .smtp: readSMTP(line, hasMore)
        case .imap: readIMAP(line, hasMore)
        case .pop3: readPOP3(line, hasMore)
        case .postgres: []
        }
    }

    // MARK: SMTP

    private mutating func readSMTP(_ line: String, _ hasMore: Bool) -> [ProbeStep] {
        guard let reply = SMTPReplyLine(line) else { return [failMalformed(line)] }
        if case .capabilities(let isOffered) = stage, reply.code == 250 {
            let offersTLS = isOffered || reply.offersTLS
            stage = .capabilities(offersTLS: offersTLS)
            guard reply.isLast else { return [] }
            guard offersTLS else { return [failWithoutTLS("the server does not offer STARTTLS")] }
            return ask(ByteBuffer(string: "STARTTLS\r\n"))
        }
        guard reply.isLast else { return [] }
        switch stage {
        case .greeting:
            guard reply.code == 220 else {
                let cause = reply.code < 500 ? Cause.backendUnavailable : .hostBlocked
                return [fail(cause, code: "\(reply.code)", "the server does not let us in: \(line)")]
            }
            return ask(ByteBuffer(string: StartTLS.smtp.firstWord), then: .capabilities(offersTLS: false))
        case .asking where reply.code == 220:
            return begin(hasMore)
        case .capabilities, .asking:
            let what = stage == .asking ? "STARTTLS" : "EHLO"
            return [failWithoutTLS("the server refuses \(what) with “\(line)”", code: "\(reply.code)")]
        case .over:
            return []
        }
    }

    // MARK: IMAP

    private mutating func readIMAP(_ line: String, _ hasMore: Bool) -> [ProbeStep] {
        let words = line.split(separator: " ", maxSplits: 2)
        let status = words.count > 1 ? words[1].uppercased() : ""
        switch (stage, words.first) {
        case (.greeting, "*") where status == "OK":
            return ask(ByteBuffer(string: StartTLS.imap.firstWord))
        case (.greeting, "*") where status == "PREAUTH":
            return [failWithoutTLS("the server takes us as logged in already, which rules STARTTLS out")]
        case (_, "*") where status == "BYE":
            return [fail(.backendUnavailable, "the server does not let us in: \(line)")]
        case (.asking, "*"):
            return []
        case (.asking, "a1") where status == "OK":
            return begin(hasMore)
        case (.asking, "a1"):
            return [failWithoutTLS("the server refuses STARTTLS with “\(line)”")]
        default:
            return [failMalformed(line)]
        }
    }

    // MARK: POP3

    private mutating func readPOP3(_ line: String, _ hasMore: Bool) -> [ProbeStep] {
        let isGood = line.hasPrefix("+OK")
        guard isGood || line.hasPrefix("-ERR") else { return [failMalformed(line)] }
        switch stage {
        case .greeting where isGood:
            return ask(ByteBuffer(string: StartTLS.pop3.firstWord))
        case .greeting:
            return [fail(.backendUnavailable, "the server does not let us in: \(line)")]
        case .asking where isGood:
            return begin(hasMore)
        default:
            return [failWithoutTLS("the server refuses STLS with “\(line)”")]
        }
    }

    // MARK: PostgreSQL

    mutating func answerOfPostgres(_ input: inout ByteBuffer) -> [ProbeStep] {
        guard stage == .asking, let answer = input.readableBytesView.first else { return [] }
        switch (answer, input.readableBytes) {
        case (UInt8(ascii: "S"), 1):
            input.clear()
            return begin(false)
        case (UInt8(ascii: "N"), 1):
            return [failWithoutTLS("the server does not offer TLS")]
        default:
            return [failForeign(.postgres, input)]
        }
    }

    // MARK: Ends

    /// Whatever follows the answer would seem to have come through the TLS that does not stand yet.
    private mutating func begin(_ hasMore: Bool) -> [ProbeStep] {
        guard !hasMore else {
            return [fail(.unexpectedReply, "sent bytes before TLS that would seem to come through it")]
        }
        stage = .over
        return [.startTLS]
    }

    private mutating func failWithoutTLS(_ what: String, code: String? = nil) -> ProbeStep {
        let remedy = "switch it on there, or leave starttls out where TLS begins with the first byte"
        return fail(.tlsUnsupported, code: code, "\(what): \(remedy)")
    }

    private mutating func failMalformed(_ line: String) -> ProbeStep {
        fail(.protocolMismatch, "the server answered “\(line)”, which is not what such a server says")
    }
}
