import Glibc
import VitalsCore

/// What the end of a plugin means, by the conventions of the Nagios plugins.
enum PluginVerdict {
    private static let maximumMessage = 1_024
    private static let maximumTrace = 2_048
    private static let maximumName = 128

    static func make(
        _ end: Execution.End, _ output: [UInt8], _ errors: [UInt8], of command: Command, within: String
    ) -> BlockingVerdict? {
        let scrubber = Scrubber(command.secrets)
        func shown(_ text: String, _ limit: Int) -> String {
            Printable.prefix(Printable.text(scrubber.scrub(text)), bytes: limit)
        }
        let printed = String(decoding: output, as: UTF8.self)
        let complaint = String(decoding: errors, as: UTF8.self)
        let read = PluginOutput(printed)
        let said = [read.message, PluginOutput(complaint).message].first { !$0.isEmpty } ?? ""
        guard end != .cancelled else { return nil }
        var verdict = BlockingVerdict()
        verdict.vitals = read.vitals
        for index in verdict.vitals.indices {
            verdict.vitals[index].name = shown(verdict.vitals[index].name, maximumName)
        }
        if !said.isEmpty { verdict.facts[.output] = .text(shown(said, maximumMessage)) }
        guard let meaning = meaning(of: end, within: within) else { return verdict }
        let message = [meaning.words, said].filter { !$0.isEmpty }.joined(separator: ": ")
        verdict.fault = Fault(
            meaning.cause, in: meaning.phase, code: meaning.code,
            message: shown(message.isEmpty ? "it said nothing" : message, maximumMessage))
        let lines = (printed + complaint).split(whereSeparator: \.isNewline)
        let trace = lines.prefix(100).map { shown(String($0), maximumMessage) }.joined(separator: "\n")
        verdict.trace = Printable.prefix(trace, bytes: maximumTrace)
        return verdict
    }

    private struct Meaning {
        let cause: Cause
        var phase = Phase.request
        var code: String?
        var words = ""
    }

    /// Nothing for a pass.
    private static func meaning(of end: Execution.End, within: String) -> Meaning? {
        switch end {
        case .exit(0): nil
        case .exit(1): Meaning(cause: .conditionWarn, code: "WARNING")
        // What is asked for does not hold, and the plugin alone knows what was asked for: a condition of the
        // target, not a reply that nobody expected.
        case .exit(2): Meaning(cause: .condition, code: "CRITICAL")
        // It could not find out, which tells nothing of the target. That changes no state for the better or
        // the worse; if it lasts, the state is too old and becomes unknown.
        case .exit(3): Meaning(cause: .internal, code: "UNKNOWN", words: "the plugin could not tell")
        case .exit(let code):
            Meaning(
                cause: .badConfiguration, code: "exit \(code)",
                words: "ended with \(code), which is no answer of a plugin")
        case .signal(let number):
            Meaning(
                cause: .badConfiguration, code: "signal \(number)", words: "was ended by signal \(number)")
        case .timeout: Meaning(cause: .timeout, words: "not done \(within)")
        case .failure(let number): failure(number)
        case .cancelled: nil
        }
    }

    private static func failure(_ number: CInt) -> Meaning {
        let ours = [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(number)
        return Meaning(
            cause: ours ? .internal : .badConfiguration, phase: .connect, code: "errno \(number)",
            words: "cannot be started: \(SQLiteFault.words(number))")
    }
}
