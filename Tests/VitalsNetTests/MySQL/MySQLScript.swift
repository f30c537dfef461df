import NIOCore
import VitalsCore

@testable import VitalsNet

/// Drives a dialogue by hand, in the place of `ProbeConnection`.
struct MySQLScript {
    private(set) var dialogue: MySQLDialogue
    private var input = ByteBuffer()
    /// Everything that the dialogue wanted, in order.
    private(set) var steps: [ProbeStep] = []

    init(
        _ target: String = "mysql://u:pencil@127.0.0.1/d",
        plan: (@Sendable (MySQLServer) -> [MySQLStatement])? = nil,
        measuring: MySQLMeasuring = MySQLMeasuring()
    ) throws {
        let login = MySQLLogin(try MySQLDSNParser.parse(target))
        dialogue = plan.map { MySQLDialogue(login, plan: $0) } ?? MySQLDialogue(login, measuring: measuring)
        perform(dialogue.opened())
    }

    var verdict: ProbeStep? {
        steps.first { step in
            switch step {
            case .pass, .fail: true
            default: false
            }
        }
    }

    /// `auth_failed (1045)`, `pass`, or nothing while there is no verdict.
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

    var facts: [String] {
        steps.compactMap { step in
            if case .fact(let name, .text(let value)) = step { "\(name.rawValue)=\(value)" } else { nil }
        }
    }

    /// What was measured, in order.
    var vitals: [Vital] {
        steps.compactMap { if case .vital(let vital) = $0 { vital } else { nil } }
    }

    /// What was measured under this name.
    func vital(_ name: String) -> Vital? { vitals.first { $0.name == name } }

    /// What was sent, packet by packet.
    var sent: [[UInt8]] {
        steps.compactMap { if case .send(let bytes) = $0 { Array(bytes.readableBytesView) } else { nil } }
    }

    /// The statements that were sent.
    var statements: [String] {
        sent.compactMap { packet in
            packet.count > 5 && packet[3] == 0 && packet[4] == 3
                ? String(decoding: packet[5...], as: UTF8.self) : nil
        }
    }

    mutating func receive(_ packets: [UInt8]...) {
        for bytes in packets where verdict == nil {
            input.writeBytes(bytes)
            perform(dialogue.received(&input))
        }
    }

    mutating func end() {
        guard verdict == nil else { return }
        perform(dialogue.ended())
    }

    mutating func secure() { perform(dialogue.secured()) }

    mutating func wake() { perform(dialogue.woken()) }

    mutating func expire() { perform(dialogue.timedOut()) }

    private mutating func perform(_ new: [ProbeStep]) {
        steps += new
        for case .compute(let work) in new { perform(dialogue.computed(work.perform())) }
    }
}
