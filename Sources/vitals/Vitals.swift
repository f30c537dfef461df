import ArgumentParser

@main
struct Vitals: AsyncParsableCommand {
    func run() async throws {}
}
