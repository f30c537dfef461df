import VitalsCore

/// A statement that measures some vitals at once, and how its answer is read.
struct VitalQuestion: Sendable {
    /// What is put to one server.
    enum Form: Sendable, Equatable {
        case statement(String)
        /// This server has no such thing, and nobody is told.
        case pointless
        /// It cannot be asked, for people: `needs PostgreSQL 13`.
        case impossible(String)
    }

    /// A row's columns as text, nothing for NULL.
    typealias Rows = [[String?]]

    /// Those that it answers: without a value, all of them, when it fails.
    let rules: [VitalRule]
    /// As this server takes it: chosen by its flavour and version.
    let form: @Sendable (DatabaseServer) -> Form
    /// What the rows say: a vital that they say nothing of is not measured, and no fault.
    let read: @Sendable (Rows, DatabaseServer) -> [Vital]
    /// What lets our user ask it, to be copied: `GRANT pg_monitor TO vitals`; empty: nothing but the server.
    let remedy: String
    /// What is to be asked next to explain a value that is bad: who holds the connections, who blocks.
    let explain: Explaining?

    typealias Explaining = @Sendable ([Vital], DatabaseServer) -> Explanation?

    /// A statement whose rows become the detail of one vital.
    struct Explanation: Sendable {
        let vital: String
        let statement: String
        /// One line for people.
        let read: @Sendable (Rows) -> String
    }

    init(
        _ rules: [VitalRule], remedy: String = "",
        explain: Explaining? = nil,
        form: @escaping @Sendable (DatabaseServer) -> Form,
        read: @escaping @Sendable (Rows, DatabaseServer) -> [Vital]
    ) {
        self.rules = rules
        self.form = form
        self.read = read
        self.remedy = remedy
        self.explain = explain
    }
}
