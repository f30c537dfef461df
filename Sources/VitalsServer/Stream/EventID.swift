/// An event's id in the stream: `<boot>-<sequence>`.
struct EventID: Sendable, Equatable {
    /// The process that gave it; sequences of another one mean nothing.
    let boot: String
    let sequence: Int

    init(boot: String, sequence: Int) {
        self.boot = boot
        self.sequence = sequence
    }

    /// Nothing when it is no id.
    init?(_ text: String) {
        guard let dash = text.lastIndex(of: "-"), let sequence = Int(text[text.index(after: dash)...]),
            sequence >= 0
        else { return nil }
        self.init(boot: String(text[..<dash]), sequence: sequence)
    }

    var text: String { "\(boot)-\(sequence)" }
}
