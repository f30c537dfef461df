import NIOCore
import VitalsCore

@testable import VitalsNet

/// Drives a dialogue by hand, in the place of `ProbeConnection`.
struct PostgresScript {
    private var dialogue: PostgresDialogue
    private var input = ByteBuffer()
    /// Everything that the dialogue wanted, in order.
    private(set) var steps: [ProbeStep] = []

    init(_ target: String = "postgres://u:pencil@127.0.0.1/d", nonce: String = "rOprNGfwEbeRWgbNEkqO") throws
    {
        let dsn = try PostgresDSNParser.parse(target, defaultUser: nil)
        dialogue = PostgresDialogue(PostgresLogin(dsn, keys: ScramKeyCache()), nonce: nonce)
        steps += dialogue.opened()
    }

    /// What came since the last verdict or before it.
    var verdict: ProbeStep? {
        steps.first { step in
            switch step {
            case .pass, .fail: true
            default: false
            }
        }
    }

    /// `auth_failed (28P01)`, `pass`, or nothing while there is no verdict.
    var cause: String? {
        switch verdict {
        case .pass: "pass"
        case .fail(let cause, let code, _, _): cause.rawValue + (code.map { " (\($0))" } ?? "")
        default: nil
        }
    }

    var message: String {
        guard case .fail(_, _, let message, _) = verdict else { return "" }
        return message
    }

    var phase: Phase? {
        steps.reversed().lazy.compactMap { if case .enter(let phase) = $0 { phase } else { nil } }.first
    }

    /// All that was sent, in one.
    var sent: [UInt8] {
        steps.flatMap { if case .send(let bytes) = $0 { Array(bytes.readableBytesView) } else { [UInt8]() } }
    }

    mutating func receive(_ bytes: [UInt8]) {
        guard verdict == nil else { return }
        input.writeBytes(bytes)
        perform(dialogue.received(&input))
    }

    mutating func end() {
        guard verdict == nil else { return }
        perform(dialogue.ended())
    }

    /// - Parameter endPointHash: of the server's certificate.
    mutating func secure(endPointHash: [UInt8]? = nil) {
        dialogue.endPointHash = endPointHash
        perform(dialogue.secured())
    }

    mutating func expire() {
        perform(dialogue.timedOut())
    }

    private mutating func perform(_ new: [ProbeStep]) {
        steps += new
        for case .compute(let work) in new { perform(dialogue.computed(work.perform())) }
    }
}
