import ArgumentParser
import VitalsCore

/// Hidden: who packages the program calls it, once.
struct ManCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Prints the manual page, for man: vitals man > /usr/local/share/man/man1/vitals.1",
        shouldDisplay: false)

    func run() throws {
        let tree = try JSON(parsing: Array(Vitals._dumpHelp().utf8))
        print(ManualPage(version: Product.version, released: Product.released).text(of: tree), terminator: "")
    }
}
