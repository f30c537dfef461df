import Testing
import VitalsCore

@Suite("Checks, systems, bindings, runs, facts and secrets")
struct ValueTests {
    @Test(
        "a binding's on_degraded follows on_down unless it is set",
        arguments: [
            (true, nil, true), (false, nil, false), (true, false, false), (false, true, true),
        ] as [(Bool, Bool?, Bool)])
    func onDegraded(onDown: Bool, set: Bool?, onDegraded: Bool) {
        #expect(Binding(ops, onDown: onDown, onDegraded: set).onDegraded == onDegraded)
    }

    @Test("a binding tells everything unless it says otherwise")
    func bindingDefaults() {
        let binding = Binding(ops)
        #expect(binding.onDown && binding.onDegraded && binding.onRecovered)
        #expect(!Binding(ops, onRecovered: false).onRecovered)
    }

    @Test("a system that nobody named is called by its id")
    func nameFallsBack() {
        #expect(System(id: SystemID("orders-db"), healthChecks: []).name == "orders-db")
        #expect(System(id: SystemID("orders-db"), name: "Orders", healthChecks: []).name == "Orders")
    }

    @Test("a health check is enabled and critical unless it says otherwise, and named after its parts")
    func healthCheckDefaults() {
        let healthCheck = HealthCheck(
            system: SystemID("orders-db"), check: CheckID("sql"),
            kind: ProbeKind("postgres", isDatabase: true), policy: .every(), revision: Revision("r1"))
        #expect(healthCheck.id == ordersSQL)
        #expect(healthCheck.isEnabled && healthCheck.isCritical)
        #expect(healthCheck.bindings.isEmpty)
    }

    @Test("only a scheduled run has a slot", arguments: Trigger.allCases)
    func slot(trigger: Trigger) {
        let run = Finding.pass.run(at: 3, trigger)
        #expect(run.slot == (trigger == .scheduled ? .second(3) : nil))
    }

    @Test("a run ends when its probe has its verdict, however late it began, and was made here unless told")
    func runEnds() {
        let run = Run(
            of: ordersSQL, at: .second(0), startedAt: .second(2), trigger: .scheduled, outcome: .pass,
            result: ProbeResult(latency: .milliseconds(500)))
        #expect(run.endedAt == .second(2.5))
        #expect(run.location == "local")
    }

    @Test("each fact stands once, where it was learned last, and can be taken away")
    func facts() {
        var facts = Facts()
        facts[.role] = .text("primary")
        facts[.httpStatus] = .number(200)
        #expect(facts.entries.map(\.name) == [.role, .httpStatus])
        facts[.role] = .text("replica")
        #expect(facts.entries.map(\.name) == [.httpStatus, .role])
        #expect(facts[.role] == .text("replica"))
        #expect(facts[.tlsCipher] == nil)
        facts[.role] = nil
        #expect(facts.entries.map(\.name) == [.httpStatus])
    }

    @Test("facts are the same if names and values are")
    func factEquality() {
        var facts = Facts()
        facts[.addresses] = .list(["192.0.2.1", "192.0.2.2"])
        var others = Facts()
        #expect(facts != others)
        others[.addresses] = .list(["192.0.2.1"])
        #expect(facts != others)
        others[.addresses] = .list(["192.0.2.1", "192.0.2.2"])
        #expect(facts == others)
    }

    @Test("a secret never prints, alone or inside something")
    func secret() {
        struct Login {
            let user = "monitor"
            let password = Secret("hunter2")
        }
        let secret = Secret("hunter2")
        var dumped = ""
        dump(Login(), to: &dumped)
        dump(secret, to: &dumped)
        let texts = [
            "\(secret)", secret.description, secret.debugDescription, String(reflecting: secret),
            String(describing: Optional(secret)), String(reflecting: [secret]), "\(Login())",
            String(reflecting: ["key": Login()]), "\(Mirror(reflecting: secret).children.map(\.value))",
            dumped,
        ]
        for text in texts {
            #expect(!text.contains("hunter2"))
        }
        #expect("\(secret)" == "•••")
        #expect(secret.revealed == "hunter2")
    }
}
