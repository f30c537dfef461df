import NIOCore
import VitalsCore

/// What a check wants of a server besides that it answers.
struct PostgresDemand: Sendable, Equatable {
    var role = ExpectedRole.any
    /// What is written; nothing: nothing is.
    var heartbeat: PostgresHeartbeat?
    /// Statements to run instead, all of them or none.
    var script: String?
}

/// How far the write probe is.
enum PostgresWriting: Equatable {
    case updating, inserting, committing, provisioning, applying
    /// The transaction is being ended because of this.
    case givingUp(PostgresVerdict)
}

/// What is wrong, before it is told.
struct PostgresVerdict: Equatable {
    let cause: Cause
    let code: String?
    let message: String

    init(_ cause: Cause, code: String? = nil, _ message: String) {
        self.cause = cause
        self.code = code
        self.message = message
    }
}

extension PostgresDialogue {
    /// The server has been read from. Is it what it should be, and can it be written to?
    mutating func prove() -> [ProbeStep] {
        let seen = server.role
        if let mismatch = demand.role.mismatch(with: seen) {
            return skip("the server is not in the role that it should have")
                + [.enter(.session)] + measure(PostgresVerdict(.roleMismatch, mismatch))
        }
        if let script = demand.script {
            stage = .writing(.applying)
            return [.enter(.write), .send(PostgresFrontend.query(script))]
        }
        guard let heartbeat = demand.heartbeat else { return measure() }
        switch seen {
        case .replica: return skip("the server is a replica") + measure()
        case .readOnlyPrimary:
            let message = "the server takes nothing that is written (transaction_read_only is on)"
            return skip("the server is read-only") + [.enter(.write)]
                + measure(PostgresVerdict(.readOnly, message))
        case .primary, nil: break
        }
        if let stall = ground?.stall, heartbeat.settings.durability == .remote {
            // Ours would wait as well, and leave a session behind that holds its row.
            return skip("its commit would not end") + [.enter(.write)]
                + measure(PostgresVerdict(.commitStalled, stall))
        }
        guard ground?.table == .missing else { return update() }
        guard heartbeat.settings.provisions else { return [.enter(.write)] + measure(unprovisioned()) }
        stage = .writing(.provisioning)
        return [.enter(.write), .send(PostgresFrontend.query(heartbeat.provision))]
    }

    private func skip(_ reason: String) -> [ProbeStep] {
        demand.heartbeat == nil ? [] : [.fact(.write, .text("skipped: \(reason)"))]
    }

    private mutating func update() -> [ProbeStep] {
        stage = .writing(.updating)
        return [.enter(.write)] + ask(demand.heartbeat?.update)
    }

    private func ask(_ statement: String?) -> [ProbeStep] {
        statement.map { [.send(PostgresFrontend.query($0))] } ?? []
    }

    /// A statement of the write probe has ended.
    mutating func goOnWriting(_ writing: PostgresWriting) -> [ProbeStep] {
        if case .givingUp(let verdict) = writing {
            refusal = nil
            return measure(verdict)
        }
        if let refusal {
            self.refusal = nil
            let verdict = verdict(of: refusal)
            guard writing != .committing, writing != .applying else { return measure(verdict) }
            stage = .writing(.givingUp(verdict))
            return ask(PostgresHeartbeat.rollback)
        }
        switch writing {
        case .provisioning:
            return [.note("made the table of the write probe")] + update()
        case .updating where rows.isEmpty:
            stage = .writing(.inserting)
            return ask(demand.heartbeat?.insert)
        case .updating, .inserting:
            stage = .writing(.committing)
            return ask(demand.heartbeat?.commit)
        case .applying:
            return measure()
        case .committing, .givingUp:
            return conclude()
        }
    }

    /// What was written has been read back.
    private mutating func conclude() -> [ProbeStep] {
        guard let heartbeat = demand.heartbeat, let row = rows.first, row.count == 2,
            row[1] == heartbeat.token
        else {
            let found = rows.isEmpty ? "there is no row" : "the row holds something else"
            return measure(
                PostgresVerdict(
                    .conditionWarn, code: "token",
                    "what was written was committed and does not read back: \(found) "
                        + "(a trigger, or another prober of the same name?)"))
        }
        let done = ProbeStep.fact(.write, .text("done"))
        // Our own commit waits for nobody; those of all others do.
        guard let stall = ground?.stall else { return [done] + measure() }
        return [done] + measure(PostgresVerdict(.commitStalled, stall))
    }

    private func verdict(of error: PostgresServerError) -> PostgresVerdict {
        let message = error.message.isEmpty ? "the server gave no reason" : error.message
        switch error.code {
        case "55P03":
            if let stall = ground?.lockedByStall {
                return PostgresVerdict(.commitStalled, code: error.code, stall)
            }
        case "42P01", "3F000": return unprovisioned(error.code)
        // It is there, and is no such table.
        case "42703", "42804", "42809", "42P10", "55000":
            return PostgresVerdict(
                .notProvisioned, code: error.code,
                "\(message): \(table) is not as `vitals provision` makes it")
        case "42501":
            return PostgresVerdict(
                .privilege, code: error.code, "\(message): `vitals provision` prints the grants")
        case let code where code.hasPrefix("23"):
            return PostgresVerdict(.conditionWarn, code: code, "\(table) does not take our row: \(message)")
        default: break
        }
        return PostgresVerdict(PostgresCause.of(error, at: .query), code: error.code, message)
    }

    private func unprovisioned(_ code: String? = nil) -> PostgresVerdict {
        PostgresVerdict(
            .notProvisioned, code: code,
            "there is no table \(table) to write to: `vitals provision` with the target prints what makes it")
    }

    private var table: String { demand.heartbeat.map { $0.settings.table.joined(separator: ".") } ?? "" }

    /// The deadline has come while a commit was waited for. No lock is waited for at that point, and no
    /// statement runs.
    var stalledCommit: String {
        let standbys = ground.map(\.standbys) ?? ""
        let reason =
            standbys.isEmpty
            ? "the server's disk does not take it"
            : "no synchronous standby confirms it (synchronous_standby_names is '\(standbys)')"
        return "the commit did not end in time: \(reason)"
    }
}
