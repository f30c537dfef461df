import Synchronization
import VitalsCore
import VitalsTesting

/// Real targets that break and mend by chance, and a few that stay as they are.
final class FlappingTargets: Sendable {
    let http: [HTTPTarget]
    let tcp: [TCPTarget]
    let well: HTTPTarget
    let dead: TCPTarget
    private let isSettled = Mutex(false)

    init(_ number: Int, on stage: Stage) throws {
        http = try (0..<number).map { _ in try stage.httpTarget() }
        tcp = try (0..<number).map { _ in try stage.tcpTarget() }
        well = try stage.httpTarget()
        dead = try stage.tcpTarget(isOpen: false)
    }

    /// Changes one of them every few milliseconds, until `settle`.
    func begin(_ seed: UInt64) {
        startThread { [self] in
            var chance = SeededGenerator(seed: seed)
            var goesOn = true
            while goesOn {
                Pause.thread(for: .milliseconds(Int.random(in: 10...120, using: &chance)))
                goesOn = isSettled.withLock { isSettled in
                    if !isSettled { change(&chance) }
                    return !isSettled
                }
            }
        }
    }

    /// All are well from now on.
    func settle() throws {
        try isSettled.withLock { isSettled in
            isSettled = true
            for target in http { target.behave(.answer(200)) }
            for target in tcp + [dead] { try reopen(target) }
        }
    }

    private func change(_ chance: inout SeededGenerator) {
        let place = Int.random(in: 0..<http.count, using: &chance)
        if Bool.random(using: &chance) {
            let behaviours: [HTTPTarget.Behaviour] = [
                .answer(200), .answer(200), .answer(200), .answer(500), .garbage,
                .answerAfter(.seconds(1), 200),
            ]
            if let next = behaviours.randomElement(using: &chance) { http[place].behave(next) }
        } else if Bool.random(using: &chance) {
            tcp[place].close()
        } else {
            try? reopen(tcp[place])
        }
    }

    private func reopen(_ target: TCPTarget) throws {
        target.close()
        try target.open()
    }
}
