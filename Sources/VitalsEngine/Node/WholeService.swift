import Synchronization
package import VitalsCore

/// The health check by which a node watches the whole of what it watches: asked like any other, so that its
/// states, pages and mails are like those of any other.
package final class WholeService: Sendable {
    package static let system = SystemID("whole-service")
    package static let check = CheckID("status")
    package static let channel = ChannelID("alert-email")
    static let kind = ProbeKind.wholeService
    /// The variable that turns it on, and that says all about it.
    package static let variable = "ALERT_EMAIL"
    /// Variables that say where mails go; each may be in a file.
    static let variables = [
        variable, "SMTP_HOST", "SMTP_PORT", "SMTP_USERNAME", "SMTP_PASSWORD", "SMTP_FROM", "SMTP_SECURITY",
    ]

    private let look = Mutex<(@Sendable (@escaping @Sendable (ProbeResult) -> Void) -> Void)?>(nil)

    /// From now on it is asked on this loop, and answers so.
    func answer(on loop: any ProbeLoop, _ find: @escaping @Sendable () -> ProbeResult) {
        look.withLock { look in
            look = { done in loop.execute { done(find()) } }
        }
    }

    fileprivate func ask(_ done: @escaping @Sendable (ProbeResult) -> Void) {
        guard let look = look.withLock(\.self) else {
            preconditionFailure("no node answers for the whole service")
        }
        look(done)
    }
}

/// Asks the node for the whole service, and nobody else.
struct WholeServiceProbe: Probe {
    let service: WholeService
    let kind = WholeService.kind
    let endpoint = "whole service"
    let address = "all that is watched"
    let identity = "whole service"

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        service.ask(done)
        return {}
    }
}

extension Board {
    /// Of the systems of `/health`, or of all where it names none, except for the whole service itself.
    func wholeService(_ health: HealthSettings, at now: Timestamp) -> HealthSummary {
        guard health.components.isEmpty else {
            return HealthSummary(health.components.compactMap { component($0, health, at: now) })
        }
        let systems = systems(after: nil, limit: .max, at: now).filter { $0.system.id != WholeService.system }
        return HealthSummary(
            systems.map { view in
                HealthSummary.Component(
                    name: view.system.name, state: view.state.state, isCritical: true,
                    isOverdue: view.state.isStale)
            })
    }

    /// A system under its public name; nothing when none of its health checks is enabled.
    func component(
        _ component: HealthSettings.Component, _ health: HealthSettings, at now: Timestamp
    ) -> HealthSummary.Component? {
        guard
            let system = system(component.system, maximumAge: health.maximumAge, at: now),
            system.system.healthChecks.contains(where: {
                healthCheck($0, at: now)?.healthCheck.isEnabled ?? false
            })
        else { return nil }
        return HealthSummary.Component(
            name: component.alias, state: system.state.state,
            isCritical: health.critical.contains(component.alias), isOverdue: system.state.isStale)
    }
}

extension Node {
    /// Answers for the whole service from now on, if somebody wants to be mailed of it.
    func watchWholeService(of configuration: Configuration) {
        configuration.wholeService?.answer(on: loop) { [board, clock, health = configuration.health] in
            let began = clock.now()
            let fault = board.wholeService(health, at: began).fault
            return ProbeResult(fault: fault, latency: clock.now() - began)
        }
    }
}
