import AdministrationAPI
import Foundation

/// A backup of everything, as a file.
enum BackupPage {
    static func page(_ context: PageContext, after outcome: FormOutcome = .none) async -> PageResponse {
        let form = HTML.form(
            to: Link.to(SettingsPages.Subject.backup.path), by: context.visitor,
            [
                .paragraph(
                    "A copy of everything as it is now: CAs with their keys, certificates, requests, settings, users and "
                        + "the audit log. It is encrypted under the passphrase, without which it is worth nothing."),
                FormField(
                    "passphrase", "Passphrase", hint: "At least 12 characters. Keep it where the backup is not.",
                    faults: outcome.faults, isRequired: true
                ).input("password", autocomplete: "new-password"),
                FormField("again", "Passphrase again", faults: outcome.faults, isRequired: true).input(
                    "password", autocomplete: "new-password"),
                .submit("Make and download a backup"),
            ])
        return await SettingsPages.page(
            context, .backup, after: outcome,
            .element(
                "div", ["class": "columns"],
                [
                    .panel("Make a backup", .body(form)),
                    .panel(
                        "Make an installation of it",
                        .body(
                            [
                                .paragraph(
                                    "On the machine of the new installation, with the file that was saved here:"),
                                .lines("ucm restore ucm-2027-01-31.backup --data /var/lib/ucm"),
                                .paragraph(
                                    "The directory has to be empty or not there; a running server is never overwritten. "
                                        + "To have backups made every night, let a timer run `ucm backup`."),
                            ])),
                ]))
    }

    static func make(_ context: PageContext) async throws -> PageResponse {
        let passphrase = context.form.exact("passphrase") ?? ""
        guard passphrase == context.form.exact("again") else {
            return await Self.page(context, after: FormOutcome("again", "It is not the same as above."))
        }
        do throws(APIRefusal) {
            let done = try await context.api.done(
                APIMessage("POST", ["system", "backup"], body: ["passphrase": .string(passphrase)]))
            guard let download = done.download else { throw APIRefusal(result: done) }
            let day = context.now.formatted(.iso8601.year().month().day())
            return PageResponse(.download(download, name: "ucm-\(day).backup"))
        } catch {
            return await Self.page(context, after: try FormOutcome(error))
        }
    }
}
