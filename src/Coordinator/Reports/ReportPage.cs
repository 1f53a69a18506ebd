using System.Text;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Coordinator.Reports.Sections;

namespace DistTrain.Coordinator.Reports;

/// <summary>The report of a run: one page that needs nothing beside itself. No text in it can make it load or run anything.</summary>
static class ReportPage
{
    static readonly StyleSheet Style = new(ReadStyle());

    /// <summary>The sections in their order; some have nothing to say about some runs.</summary>
    static readonly (string Id, string Name, Func<ReportData, Element?> Of)[] Sections =
    [
        ("quality", "Quality", QualitySection.Of),
        ("confusion", "Confusion", ConfusionSection.Of),
        ("calibration", "Calibration", CalibrationSection.Of),
        ("training", "Training", CurvesSection.Of),
        ("penalties", "Penalties", PenaltiesSection.Of),
        ("folds", "Folds", FoldsSection.Of),
        ("weights", "Weights", WeightsSection.Of),
        ("data", "Data", DataSection.Of),
        ("options", "Options", OptionsSection.Of),
        ("identity", "Identity", IdentitySection.Of),
    ];

    /// <summary>The whole file.</summary>
    public static string Render(ReportData data)
    {
        var page = new StringBuilder("<!DOCTYPE html>");
        new Element("html", ("lang", "en"), Head(data), Body(data)).Write(page);
        return page.Append('\n').ToString();
    }

    static Element Head(ReportData data) => new("head",
        new Element("meta", ("charset", "utf-8")),
        new Element("meta", ("http-equiv", "Content-Security-Policy"),
            ("content", $"default-src 'none'; style-src {Style.PolicySource}; base-uri 'none'; form-action 'none'")),
        new Element("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1")),
        new Element("meta", ("name", "color-scheme"), ("content", "light dark")),
        new Element("meta", ("name", "referrer"), ("content", "no-referrer")),
        new Element("title", $"{data.Run} – DistTrain"),
        Style);

    static Element Body(ReportData data)
    {
        var sections = Sections
            .Select(section => (Link: new Element("a", ("href", $"#{section.Id}"), section.Name), Content: section.Of(data)))
            .Where(section => section.Content is not null).ToList();
        return new("body",
            new Element("main",
                HeadSection.Of(data),
                new Element("nav", [("aria-label", "Sections"), .. sections.Select(section => section.Link)]),
                new Fragment(sections.Select(section => section.Content))));
    }

    static string ReadStyle()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
