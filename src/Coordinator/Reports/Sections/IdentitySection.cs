using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>How good the optimum is, and the names by which the same run is known again.</summary>
static class IdentitySection
{
    public static Element Of(ReportData data) => new("section", ("id", "identity"),
        new Element("h2", "Certificate and identity"),
        new Element("p", $"{Objective(data)} {Certificate(data)}"),
        new Element("dl", ("class", "facts"),
            Fact("parametersSha256", data.Model.ParametersSha256),
            Fact("dataset fingerprint", data.Dataset.Fingerprint),
            Fact("version", $"DistTrain {data.Model.Origin.ProductVersion}"),
            Fact("platform", data.Platform),
            Fact("workers", Figures.Count(data.WorkerCount))),
        Cells.Note("The same data, options and seed give the same parametersSha256 in this version, for any number of workers."));

    static string Objective(ReportData data) =>
        $"The objective is {Figures.Value(data.Result.Objective)}, its largest scaled gradient entry " +
        $"{Figures.Small(data.Result.GradientMax)}, both in double arithmetic at the numbers of the model file.";

    static string Certificate(ReportData data)
    {
        if (data.UsefulBound is { } bound)
        {
            return $"The model is within {Figures.Small(bound)} of the best possible: no weights and intercepts whatever have an objective " +
                $"below {Figures.Value(data.Result.Objective - bound)}, which the dual problem proves.";
        }
        return data.Result.SuboptimalityBound is null
            ? "There is no certificate of how far from the best possible that is: it needs a penalty on every feature (--l2 above 0)."
            : "The certificate of how far from the best possible that is says nothing here: its bound is as large as the objective, " +
            "since training ended far from an optimum.";
    }

    static Fragment Fact(string name, string value) => new(new Element("dt", name), new Element("dd", ("class", "hash"), value));
}
