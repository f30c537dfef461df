import VitalsCore
import VitalsEngine
import VitalsNet

/// What the flags of `vitals wrap` ask to look at.
struct WrapTargets {
    var dsn: String?
    var type: String?
    /// The part that the database must have; nothing: any.
    var role: ExpectedRole?
    /// Whether the database is written to.
    var writes = false
    /// Whether the table for that is made.
    var makesTable = false
    var http: String?
    var tcp: String?

    /// - Returns: empty where nothing is asked for.
    /// - Throws: what is wrong, without any secret.
    func probes(_ network: Network) throws -> [SoleWatch.Target] {
        var targets: [SoleWatch.Target] = []
        if let dsn {
            let (form, text) = try Self.database(dsn, type, network.forms)
            let probe = try Compose.probe(form, of: text, with: try settings(of: form), network)
            targets.append(SoleWatch.Target("db", probe, vitals: form.rules))
        } else if type != nil {
            throw TargetError("--db-type says what --db-dsn is, which is missing")
        } else if role != nil || writes || makesTable {
            throw TargetError("--role, --read-write and --create-table are for --db-dsn, which is missing")
        }
        if let http {
            targets.append(SoleWatch.Target("http", try Self.service("http", http, "--http", network.forms)))
        }
        if let tcp {
            let text = tcp.contains("://") ? tcp : "tcp://\(tcp)"
            targets.append(SoleWatch.Target("tcp", try Self.service("tcp", text, "--tcp", network.forms)))
        }
        return targets
    }

    /// What the flags stand for, as a file would have it.
    private func settings(of form: ProbeForm) throws(TargetError) -> [String] {
        let names = Set(form.fields.map(\.name))
        var settings: [String] = []
        if let role, role != .any {
            guard names.contains("role") else { throw TargetError("--role is for database servers") }
            settings.append("role=\(role.rawValue)")
        }
        guard writes || makesTable else { return settings }
        guard names.contains("write") else {
            throw TargetError("--read-write is not for \(form.kind.name) yet")
        }
        guard !makesTable || Self.hasTable(form) else {
            throw TargetError("--create-table is for databases with tables: here --read-write is enough")
        }
        return settings + [makesTable ? "write.provision=true" : "write=true"]
    }

    /// Whether what is written needs a table.
    private static func hasTable(_ form: ProbeForm) -> Bool {
        form.fields.contains { field in
            guard field.name == "write", case .option(let parts) = field.type else { return false }
            return parts.contains { $0.name == "provision" }
        }
    }

    /// How a database is asked, and the target as its form reads it.
    static func database(
        _ dsn: String, _ type: String?, _ forms: [ProbeForm]
    ) throws(TargetError) -> (form: ProbeForm, text: String) {
        let databases = forms.filter(\.kind.isDatabase)
        let known = databases.flatMap(\.schemes)
        let scheme = dsn.contains(":") ? dsn.prefix { $0 != ":" }.lowercased() : ""
        if let type {
            guard let form = databases.first(where: { ([$0.kind.name] + $0.schemes).contains(type) }) else {
                throw TargetError("--db-type is one of \(known.joined(separator: ", "))")
            }
            guard !form.schemes.contains(scheme) else { return (form, dsn) }
            guard !dsn.contains("://") else {
                throw TargetError("--db-dsn does not begin as --db-type says")
            }
            return (form, isComplete(dsn, form) ? dsn : "\(form.schemes.first ?? type)://\(dsn)")
        }
        guard let form = databases.first(where: { $0.schemes.contains(scheme) }) else {
            throw TargetError(
                "--db-dsn begins with one of \(known.map { "\($0):" }.joined(separator: ", ")), "
                    + "or --db-type says what it is")
        }
        return (form, dsn)
    }

    /// Whether a form reads it without a scheme: a path, or keywords and values.
    private static func isComplete(_ dsn: String, _ form: ProbeForm) -> Bool {
        form.kind.name == "sqlite" || (dsn.contains("=") && !dsn.contains("@"))
    }

    private static func service(
        _ kind: String, _ text: String, _ flag: String, _ forms: [ProbeForm]
    ) throws(TargetError) -> any Probe {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard let form = forms.first(where: { $0.kind.name == kind }), form.schemes.contains(scheme) else {
            throw TargetError(
                "\(flag) takes \(kind == "http" ? "a URL, as in http://127.0.0.1:8080/" : "host:port")")
        }
        do {
            return try form.make(TargetText(text))
        } catch {
            throw TargetError("\(flag): \(error.message)")
        }
    }
}
