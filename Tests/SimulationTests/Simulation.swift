import VitalsCore
import VitalsTesting

/// One seed from its beginning to its end.
enum Simulation {
    struct Result: Equatable {
        let slots: Int
        /// Of everything that happened: the same for the same seed.
        let digest: UInt64
    }

    /// A seed that failed, as it is printed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A small world in which much happens.
    static func run(seed: UInt64) throws(Failure) -> Result {
        var generator = SeededGenerator(seed: seed)
        let scenario = Scenario(using: &generator)
        return try run(scenario, generator, seed)
    }

    /// 50 health checks a minute apart.
    static func runLong(days: Int, seed: UInt64) throws(Failure) -> Result {
        var generator = SeededGenerator(seed: seed)
        let scenario = Scenario(healthChecks: 50, days: days, using: &generator)
        return try run(scenario, generator, seed)
    }

    private static func run(
        _ scenario: Scenario, _ generator: SeededGenerator, _ seed: UInt64
    ) throws(Failure) -> Result {
        var simulator: Simulator
        do {
            simulator = try Simulator(scenario, generator)
        } catch {
            throw Failure(description: "seed \(seed) did not start: \(error)")
        }
        do {
            let slots = try simulator.run()
            return Result(slots: slots, digest: simulator.trace.digest)
        } catch {
            switch error {
            case .violation(let invariant, let found):
                throw Failure(description: words(seed, simulator, invariant, found))
            case .crash:
                throw Failure(description: words(seed, simulator, "a crash is survived", ""))
            }
        }
    }

    private static func words(
        _ seed: UInt64, _ simulator: Simulator, _ invariant: String, _ found: String
    ) -> String {
        """
        seed \(seed) at \(Trace.seconds(simulator.boot)): not so: \(invariant)
          \(found)
        the last steps:
        \(simulator.trace.lines.joined(separator: "\n"))
        again: make sim SEED=\(seed)
        """
    }
}
