using DistTrain.Coordinator.Reports.Markup;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>What was asked for, and how to ask for it again.</summary>
static class OptionsSection
{
    const int CommandLengthMax = 16_384;

    public static Element Of(ReportData data) => new("section", ("id", "options"),
        new Element("h2", "Options"),
        Command(data.Options.Repetition()),
        new Table<RunOption>("Options with their origin", data.Options.Options.Where(option => option.Values.Length > 0))
            .Strong(option => option.IsTyped)
            .Cell("option", option => new Element("th", ("scope", "row"), new Element("code", $"--{option.Name}")))
            .Cell("value", option => new Element("td", ("class", "name"), new Element("span", Clipped.Line(option.Shown))))
            .Words("origin", option => option.Origin),
        Cells.Note("Options without a value are left out; options.json has all."));

    static Content Command(string repetition) => repetition.Length > CommandLengthMax
        ? new Element("p", "The command that repeats the run is too long to show: options.json has its parts.")
        : new Fragment(
            new Element("p", "This command repeats the run, in the folder where it was typed:"),
            new Element("pre", ("class", "scroll"), ("tabindex", "0"), new Element("code", repetition)));
}
