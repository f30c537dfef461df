import ArgumentParser
import VitalsCore

/// Hidden: who packages the program calls it, once.
struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Prints the manual page, for man: vitals man > /usr/local/share/man/man1/vitals.1",
        shouldDisplay: false)

    func run() throws {
        let page = ManualPage(version: Product.version, released: Product.released)
        print(page.text(of: try Self.commands()), terminator: "")
    }

    /// What all commands say of themselves, as swift-argument-parser describes it.
    static func commands() throws -> JSON { try JSON(parsing: Array(Vitals._dumpHelp().utf8)) }
}
