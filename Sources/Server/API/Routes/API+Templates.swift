import AdministrationAPI
import CertificateAuthority
import Foundation
import HTTPTypes

extension API {
    private static let group = "Templates"
    private static let name = [(name: "name", summary: "The template's name.")]

    /// What certificates look like.
    static let templateRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/templates", name: "listTemplates", group: Self.group, summary: "List the templates.",
            access: .permission(.readTemplates), query: APIList.pagingByName,
            answer: APIList.answer("Template", "The templates, by name.")
        ) { request in
            try APIList.page(
                try await request.administration.templateDescriptions(), for: request, TemplateFields.shown,
                name: \.template.name)
        },
        APIRoute(
            method: .post, path: "/templates", name: "createTemplate", group: Self.group,
            summary: "Make a template, as a copy of another one that is then changed.",
            access: .permission(.writeTemplates), input: TemplateFields.new.sentSchema(isNew: true),
            inputExample: ["name": "Door Locks", "from": "Network Equipment", "validityDays": 90],
            answer: .json(.named("Template"), .created, "The template."),
            problems: [.conflict, .invalid, .refused, .notFound], isCreation: true
        ) { request in
            let draft = try request.read(TemplateFields.new, into: TemplateDraft())
            try await request.administration.createTemplate(
                draft.name, from: draft.original, by: try request.decider, at: request.now
            ) { template in
                var copy = TemplateDraft(template: template)
                try request.apply(TemplateFields.new, to: &copy, isNew: true)
                template = copy.template
            }
            let made = try await request.administration.template(draft.name)
            return .created(
                TemplateFields.shown.json(made), at: "/templates/\(APIPath.escaped(draft.name))",
                revision: made.revision)
        },
        APIRoute(
            method: .get, path: "/templates/{name}", name: "getTemplate", group: Self.group,
            summary: "Show a template.", access: .permission(.readTemplates), pathParameters: Self.name,
            answer: .json(.named("Template"), "The template."), problems: [.notFound]
        ) { request in try await Self.templateReply(request) },
        APIRoute(
            method: .patch, path: "/templates/{name}", name: "changeTemplate", group: Self.group,
            summary: "Change a template for what is issued from now on; what is not sent stays (RFC 7396).",
            access: .permission(.writeTemplates), pathParameters: Self.name,
            input: TemplateFields.changed.sentSchema(isNew: false), inputExample: ["validityDays": 90],
            answer: .json(.named("Template"), "The template as it is now."),
            problems: [.notFound, .conflict, .invalid, .refused], isEdit: true
        ) { request in
            _ = try request.read(TemplateFields.changed, into: CertificateTemplate.default)
            try await request.administration.changeTemplate(
                request.parameter("name"), expecting: request.expectedRevision, by: try request.decider,
                at: request.now
            ) { template in try request.apply(TemplateFields.changed, to: &template, isNew: false) }
            return try await Self.templateReply(request)
        },
        APIRoute(
            method: .delete, path: "/templates/{name}", name: "deleteTemplate", group: Self.group,
            summary: "Delete a template that nothing uses any more.",
            access: .permission(.writeTemplates), pathParameters: Self.name,
            answer: .nothing("It is deleted."), problems: [.notFound, .conflict, .refused], isEdit: true
        ) { request in
            try await request.administration.deleteTemplate(
                request.parameter("name"), expecting: request.expectedRevision, by: try request.decider,
                at: request.now)
            return .nothing
        },
    ]

    private static func templateReply(_ request: APIRequest) async throws -> APIReply {
        let found = try await request.administration.template(request.parameter("name"))
        return .json(TemplateFields.shown.json(found), revision: found.revision)
    }
}
