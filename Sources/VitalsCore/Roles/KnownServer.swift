/// Which server answered one health check so far, and in which part.
package struct KnownServer: Sendable, Equatable {
    /// What it called itself when it last said so; outlives a restart.
    package private(set) var identifier: String?
    /// The part it had in the last run that told anything; nothing: it did not say.
    package private(set) var role: ServerRole?
    /// Of that run.
    private var seenAt: Timestamp?
    /// Whether a pooler stood before it in the last run that it served; not known after a restart.
    private var isPooled = false
    /// Of the last run in which it told who it is; nothing: not since we were started.
    private var identifiedAt: Timestamp?

    package init(identifier: String? = nil) {
        self.identifier = identifier
    }

    /// Takes in what a run saw.
    ///
    /// - Parameter expected: what the check wants of the server.
    /// - Returns: the run; where another server answered than so far, with a finding that says so, and, if
    ///   the check wants a certain part and the run is otherwise no failure, with that as its fault.
    package mutating func judge(_ run: Run, _ expected: ExpectedRole) -> Run {
        guard run.outcome != .inconclusive else { return run }
        let facts = run.result.facts
        (role, seenAt) = (ServerRole(facts), run.at)
        if run.outcome != .fail { isPooled = facts[.pooler] == .text("in_between") }
        if let fault = unserved(run.result.fault) { return run.with(fault) }
        guard case .text(let seen)? = facts[.systemIdentifier] else { return run }
        defer { (identifier, identifiedAt) = (seen, run.at) }
        guard let identifier, identifier != seen, !isRestart(run) else { return run }
        let message =
            "another server answers than before: its system identifier is \(seen), and was \(identifier)"
        guard expected != .any, run.outcome != .fail else {
            return run.finding(Finding(.roleMismatch, .critical, message))
        }
        return run.failing(
            Fault(.roleMismatch, in: .session, code: FactName.systemIdentifier.rawValue, message: message))
    }

    /// A pooler lets people in whether there is a server behind it or not, and keeps them waiting for one.
    private func unserved(_ fault: Fault?) -> Fault? {
        guard isPooled, let fault, fault.cause == .timeout, fault.phase == .session else { return nil }
        return Fault(
            .backendUnavailable, in: fault.phase,
            message: "the pooler let us in, and no server behind it answered: \(fault.message)")
    }

    /// Whether the server that answered calls itself something else whenever it is started, and was started
    /// since it told last who it is: then nothing says that it is another one. One that had been running by
    /// then certainly is.
    private func isRestart(_ run: Run) -> Bool {
        guard case .number(let uptime)? = run.result.facts[.uptime] else { return false }
        guard let identifiedAt else { return true }
        return run.at + Self.uptimeGrain >= identifiedAt + .seconds(uptime)
    }

    /// Servers count whole seconds, and ours are not in step with theirs.
    private static let uptimeGrain = Duration.seconds(2)

    /// What was seen of it lately.
    ///
    /// - Parameter age: so long ago at most.
    package func sight(within age: Duration, of now: Timestamp) -> Cluster.Member.Sight {
        guard let seenAt, seenAt + age >= now else { return .none }
        return role.map { .role($0) } ?? .silent
    }
}

extension Run {
    /// The same run, in which something else was found.
    func finding(_ finding: Finding) -> Run {
        var result = result
        result.findings.append(finding)
        return with(result)
    }

    /// The same run, with its fault better understood.
    fileprivate func with(_ fault: Fault) -> Run {
        var result = result
        result.fault = fault
        return with(result)
    }

    /// The same run, failed: its target is not what it should be. A fault that it had becomes a finding.
    func failing(_ fault: Fault) -> Run {
        var result = result
        if let former = result.fault { result.findings.insert(Finding(former, of: outcome), at: 0) }
        result.fault = fault
        return Run(
            of: healthCheck, location: location, at: at, startedAt: startedAt, trigger: trigger,
            outcome: .fail, result: result)
    }
}
