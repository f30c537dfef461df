import Glibc
import VitalsCore
import VitalsEngine

extension MachineClock {
    /// The machine's own clocks.
    static let system = MachineClock(
        wall: { Timestamp(microseconds: microseconds(CLOCK_REALTIME)) },
        boot: { microseconds(CLOCK_BOOTTIME) })

    private static func microseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        // Fails only for a clock that does not exist.
        precondition(clock_gettime(clock, &time) == 0)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
