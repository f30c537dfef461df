import Glibc
import VitalsCore

/// How a scripted peer takes its time. Tests themselves never wait for a time, only for a condition.
enum Pause {
    static func thread(for duration: Duration) {
        var time = timespec(
            tv_sec: Int(duration.microseconds / 1_000_000),
            tv_nsec: Int(duration.microseconds % 1_000_000) * 1_000)
        nanosleep(&time, nil)
    }
}
