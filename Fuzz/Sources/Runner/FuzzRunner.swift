import CFuzzer
import Glibc

/// Feeds the decoder named in `FUZZ_TARGET` with inputs that libFuzzer makes up; its arguments are
/// libFuzzer's.
@main struct FuzzRunner {
    private static let target: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
            preconditionFailure("FUZZ_TARGET must be one of \(names)")
        }
        return target
    }()

    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, feed))
    }

    private static let feed: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { data, size in
        do {
            try target.feed(Array(UnsafeBufferPointer(start: data, count: size)))
        } catch {
            let said = Array("a promise is broken: \(error)\n".utf8)
            _ = write(STDERR_FILENO, said, said.count)
            abort()
        }
        return 0
    }
}
