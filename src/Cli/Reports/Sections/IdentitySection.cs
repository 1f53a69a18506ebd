using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>How good the optimum is, and the names by which the same run is known again.</summary>
static class IdentitySection
{
    public static Element Of(ReportData data) => new("section", ("id", "identity"),
        new Element("h2", "Certificate and identity"),
        new Element("p", Certificate(data)),
        new Element("dl", ("class", "facts"),
            Fact("parametersSha256", data.Model.ParametersSha256),
            Fact("dataset fingerprint", data.Dataset.Fingerprint),
            Fact("version", $"DistTrain {data.Model.Origin.ProductVersion}"),
            Fact("platform", data.Platform),
            Fact("workers", Figures.Count(data.WorkerCount))),
        Cells.Note("The same data, options and seed give the same parametersSha256 in this version, for any number of workers."));

    static string Certificate(ReportData data)
    {
        var result = data.Result;
        var objective = $"The objective is {Figures.Value(result.Objective)}, its largest scaled gradient entry {Figures.Small(result.GradientMax)}, both in double arithmetic at the numbers of the model file.";
        if (data.UsefulBound is { } bound)
        {
            return $"{objective} The model is within {Figures.Small(bound)} of the best possible: no weights and intercepts whatever have an objective below " +
                $"{Figures.Value(result.Objective - bound)}, which the dual problem proves.";
        }
        return result.SuboptimalityBound is null
            ? $"{objective} There is no certificate of how far from the best possible that is: it needs a penalty on every feature (--l2 above 0)."
            : $"{objective} The certificate of how far from the best possible that is says nothing here: its bound is as large as the objective, since training ended far from an optimum.";
    }

    static Fragment Fact(string name, string value) => new(new Element("dt", name), new Element("dd", ("class", "hash"), value));
}
