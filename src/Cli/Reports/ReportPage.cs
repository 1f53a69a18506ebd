using System.Text;
using DistTrain.Cli.Reports.Markup;
using DistTrain.Cli.Reports.Sections;

namespace DistTrain.Cli.Reports;

/// <summary>The report of a run: one page that needs nothing beside itself, and that no text in it can make to load or run anything.</summary>
static class ReportPage
{
    static readonly StyleSheet Style = new(ReadStyle());

    static readonly (string Id, string Name)[] Contents =
    [
        ("quality", "Quality"), ("confusion", "Confusion"), ("training", "Training"), ("weights", "Weights"), ("data", "Data"),
        ("options", "Options"), ("identity", "Identity"),
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

    static Element Body(ReportData data) => new("body",
        new Element("main",
            HeadSection.Of(data),
            new Element("nav", ("aria-label", "Sections"), new Fragment(Contents.Select(item => new Element("a", ("href", $"#{item.Id}"), item.Name)))),
            QualitySection.Of(data),
            ConfusionSection.Of(data),
            CurvesSection.Of(data),
            WeightsSection.Of(data),
            DataSection.Of(data),
            OptionsSection.Of(data),
            IdentitySection.Of(data)));

    static string ReadStyle()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
