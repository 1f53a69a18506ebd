using System.Globalization;
using DistTrain.Coordinator.Reports.Charts;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>What speaks for and against each class, in the user's words.</summary>
static class WeightsSection
{
    const int ClassesMax = 12;
    const int FeaturesMax = 12;

    public static Element Of(ReportData data)
    {
        var weights = new StrongestWeights(data.Model, data.Dataset.StandardDeviations);
        var shown = Shown(data);
        var effects = shown.Numbers.Select(k => (Class: k, Effects: weights.Of(k, FeaturesMax))).ToList();
        var greatest = effects.SelectMany(of => of.Effects).Select(effect => Math.Abs(effect.Effect)).DefaultIfEmpty(1).Max();
        return new("section", ("id", "weights"),
            new Element("h2", "What speaks for each class"),
            new Element("p",
                "The effect is what a feature adds to the logit of the class, compared with its mean over the classes: the weight of a " +
                "level that is present, weight × standard deviation for a number, so that sizes can be compared. Bars to the right speak " +
                "for the class, to the left against it."),
            Sparsity(data),
            data.Model.Classes.Active.Length > 2 ? null
                : Cells.Note("There are two classes: the weights of the other are these with opposite signs."),
            new Element("div", [("class", "columns"), .. effects.Select(of => OfClass(data.NameOf(of.Class), of.Effects, greatest))]),
            LeftOut(data, shown));
    }

    /// <summary>How many weights a penalty has made exactly 0; null where none is.</summary>
    static Element? Sparsity(ReportData data)
    {
        var (model, featureCount) = (data.Model, data.Model.Schema.FeatureCount);
        var zeros = model.Classes.Active.Sum(k => (long)model.Weights.AsSpan(k * featureCount, featureCount).Count(0.0));
        var all = (long)featureCount * model.Classes.Active.Length;
        return zeros == 0 ? null
            : new("p", $"{Figures.Count(zeros)} of {Figures.Count(all)} weights are exactly 0 ({Figures.Percent((double)zeros / all)}).");
    }

    /// <summary>Of two classes the second, whose weights say all.</summary>
    static ShownClasses Shown(ReportData data)
    {
        var active = data.Model.Classes.Active;
        return ShownClasses.Of(data, active.Length == 2 ? active.Skip(1) : active, ClassesMax);
    }

    static Element OfClass(string name, IReadOnlyList<FeatureEffect> effects, double greatest)
    {
        var hasNumbers = effects.Any(effect => effect.Deviation is not null);
        return new("div",
            new Element("h3", name),
            effects.Count == 0 ? Cells.Note("No feature has any effect.")
                : new Table<FeatureEffect>($"Features with the largest effects on {name}", effects)
                    .Name("feature", effect => effect.Feature)
                    .Bar(effect => Bar.Signed(effect.Effect / greatest), isExtra: false)
                    .Number("effect", effect => Figures.Signed(effect.Effect))
                    .Number("weight", effect => hasNumbers ? Figures.Signed(effect.Weight) : null)
                    .Number("std. dev.", effect => effect.Deviation?.ToString("G4", CultureInfo.InvariantCulture)));
    }

    static Element? LeftOut(ReportData data, ShownClasses shown)
    {
        var features = data.Model.Schema.FeatureCount;
        var where = $"{data.Run}/model";
        var rest = features <= FeaturesMax ? ""
            : $"Of {Figures.Count(features)} features, the {FeaturesMax} with the largest effects are shown for each class: " +
            $"{where} has all.";
        return rest.Length + shown.LeftOut == 0 ? null : Cells.Note(rest + shown.Rest(where));
    }
}
