using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports;
using DistTrain.Coordinator.Reports.Curves;
using DistTrain.Data.Schema;
using DistTrain.Training;

namespace DistTrain.Cli.Tests.Reports;

public sealed partial class ReportPageTests
{
    const int SizeMax = 1 << 20;

    static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\" onload=\"alert(1)", "' onload='x", "</style><img src=http://x.example/y>", "&lt;b&gt; & <b>", "\u0000\u001b[2J\ud800", "a\u202eb",
    ];

    [Fact]
    public void A_small_report_reads_as_reviewed() =>
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reports", "small-report.txt")), PageText.Of(Page(ReportExample.Small())));

    [Fact]
    public void Every_text_from_outside_stays_text()
    {
        var data = ReportExample.Of(Hostile, [.. Hostile.Select(text => text.Replace('=', '-')), .. Hostile.Select(text => $"c={text}")]) with
        {
            Run = Hostile[0],
            Findings = [.. Hostile],
            Warnings = [.. Hostile],
            Platform = Hostile[1],
            Options = new RunOptions("train", [.. Hostile], [new("label", [.. Hostile], "command line", true) { IsTyped = true }]),
        };

        var page = Page(data);

        var elements = page.DescendantsAndSelf().Select(element => element.Name.LocalName).Distinct().ToList();
        Assert.DoesNotContain("script", elements);
        Assert.DoesNotContain("img", elements);
        Assert.Single(page.Descendants("style"));
        Assert.DoesNotContain(
            page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        foreach (var text in Hostile.Where(text => !text.Contains('\0')))
            Assert.Contains(page.Descendants("span"), span => span.Value == text);
    }

    [Fact]
    public void Nothing_is_loaded_and_nothing_may_be()
    {
        var data = ReportExample.Small();
        var page = Page(data);

        var policy = page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value;
        var css = page.Descendants("style").Single().Value;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        Assert.Equal($"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'", policy);
        Assert.DoesNotMatch(@"url\(|@import|[<&]", css);
        var attributes = page.DescendantsAndSelf().Attributes().ToList();
        Assert.DoesNotContain(attributes, attribute => attribute.Name.LocalName is "src" or "style" or "action" or "data" or "xmlns");
        Assert.All(attributes.Where(attribute => attribute.Name.LocalName == "href"), link => Assert.StartsWith("#", link.Value, StringComparison.Ordinal));
        Assert.DoesNotMatch(ForeignAddress(), ReportPage.Render(data));
    }

    [Fact]
    public void Links_lead_to_sections_that_are_there()
    {
        var page = Page(ReportExample.Small());

        var links = page.Descendants("a").Select(link => link.Attribute("href")!.Value[1..]).ToList();

        Assert.Equal(links, page.Descendants("section").Attributes("id").Select(id => id.Value));
    }

    [Fact]
    public void Every_chart_has_a_text_and_a_table_in_its_section()
    {
        var page = Page(ReportExample.Small());

        var charts = page.Descendants("figure").ToList();

        Assert.Equal(8, charts.Count);
        Assert.All(charts, chart =>
        {
            var picture = chart.Element("svg")!;
            Assert.Equal("img", picture.Attribute("role")!.Value);
            Assert.Contains(" to ", picture.Attribute("aria-label")!.Value, StringComparison.Ordinal);
            Assert.NotEmpty(chart.Ancestors("section").First().Descendants("table"));
        });
        Assert.All(page.Descendants("svg").Where(svg => svg.Parent!.Name != "figure"), bar => Assert.Equal("true", bar.Attribute("aria-hidden")!.Value));
    }

    [Fact]
    public void Of_two_classes_one_tells_all_the_weights()
    {
        var page = Page(ReportExample.Of(["no", "yes"], ["year", "colour=red"]));

        var weights = page.Descendants("section").Single(section => (string?)section.Attribute("id") == "weights");

        Assert.Equal(["yes"], weights.Descendants("h3").Select(heading => heading.Value));
        Assert.Contains("opposite signs", weights.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_steps_and_held_out_rows_the_page_says_so()
    {
        var data = ReportExample.Of(["no", "yes"], ["year"]);
        var text = PageText.Of(Page(data with
        {
            Result = data.Result with { Validation = null, SuboptimalityBound = null, Steps = 0, StoppedBy = StoppedBy.Steps },
        }));

        Assert.Contains(
            "Nothing was held out: the figures are those of the rows that the model was trained on.\n", text, StringComparison.Ordinal);
        Assert.Contains("Not converged: training was stopped by steps. How far it is from the best possible is not known.\n", text, StringComparison.Ordinal);
        Assert.Contains("No step was taken.\n", text, StringComparison.Ordinal);
        Assert.Contains("There is no certificate of how far from the best possible that is", text, StringComparison.Ordinal);
        Assert.DoesNotContain("held out |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fitted_temperature_is_shown_before_and_after()
    {
        var data = ReportExample.Small();
        var text = PageText.Of(
            Page(data with { Result = data.Result with { Calibration = new Calibration(1.25, 0.5, 0.45, IsAtLimit: true) } }));

        Assert.Contains(
            "The logits are divided by 1.25, which was fitted on the rows held out; predict applies it. Above 1, it makes the model less sure. " +
            "No temperature is the best: this is where the search ended.\nlog-loss, held out | nats\nbefore | 0.5\nafter (fitted) | 0.45\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "Reliability accuracy by top probability, before the temperature; dashed: a perfect match\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Penalties_are_a_chart_and_a_table_and_the_curves_say_where_the_penalty_changes()
    {
        var data = ReportExample.Small();
        data = data with
        {
            Result = data.Result with
            {
                L2 = 1e-3,
                Path =
                [
                    new PathPoint(0.1, 1, 2, 2, StoppedBy.Tolerance, 0.9, 0.75, 0.5, 0.25),
                    new PathPoint(0.001, 1, 2, 2, StoppedBy.Steps, 0.85, 0.5, 0.75, 0.5) { IsChosen = true },
                    new PathPoint(0, 1, 1, 1, StoppedBy.Precision, null, double.PositiveInfinity, 0.75, 0.5),
                ],
            },
            Penalties =
            [
                new PathPointJson(0, 1, 1, "precision", null, null, null, 0.75, 0.5, false),
                new PathPointJson(0.1, 1, 2, "tolerance", 0.9, 0.75, null, 0.5, 0.25, false),
                new PathPointJson(0.001, 1, 2, "steps", 0.85, 0.5, null, 0.75, 0.5, true),
            ],
        };

        var page = Page(data);
        var text = PageText.Of(page);

        Assert.Contains(
            "Each λ₂ was trained from where the larger one before it had arrived, and judged by its log-loss on the rows held out. The model is of λ₂ = 1e-3.\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "λ₂ | log-loss | accuracy | macro-F1 | objective | steps | evaluations | stopped by\n" +
            "0 | infinite | 0.75000 | 0.50000 | 1 | 1 | precision\n" +
            "0.1 | 0.75 | 0.50000 | 0.25000 | 0.9 | 1 | 2 | tolerance\n" +
            "1e-3 | 0.5 | 0.75000 | 0.50000 | 0.85 | 1 | 2 | steps | chosen\n",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "[Log-loss, held out, by λ₂: 0.5 at 1e-3, 0.75 at 0.1. The numbers are in the table below.]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Distance to the best possible", text, StringComparison.Ordinal);
        var objective = page.Descendants("figcaption").Single(caption => caption.Value == "Objective (nats), by evaluations").Parent!;
        Assert.Equal(2, objective.Descendants("line").Count(mark => mark.Attribute("class")!.Value == "mark"));
        Assert.Contains(objective.Descendants("text"), mark => mark.Value == "next λ₂");
    }

    [Fact]
    public void Folds_are_a_table_with_mean_and_deviation()
    {
        var folds = new FoldsJson(
            1e-4, new SpreadJson(0.5, 0.0125), new SpreadJson(0.75, 0.25), new SpreadJson(0.5, 0.125),
            [new FoldJson(1, "folds/1", 50, 7, 9, 0.49, 0.5, 0.375), new FoldJson(2, "folds/2", 51, 8, 10, null, 1, 0.625)]);

        var text = PageText.Of(Page(ReportExample.Small() with { Folds = folds }));

        Assert.Contains(
            "2 folds with λ₂ = 1e-4, each judged by the rows that did not train in it; the model itself was trained afterwards.\n" +
            "fold | examples | log-loss | accuracy | macro-F1 | steps | evaluations\n" +
            "mean | 0.5 | 0.75000 | 0.50000\n" +
            "std. dev. | 1.3e-2 | 0.25000 | 0.12500\n" +
            "1 | 50 | 0.49 | 0.50000 | 0.37500 | 7 | 9\n" +
            "2 | 51 | infinite | 1.00000 | 0.62500 | 8 | 10\n",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_weights_and_weights_of_exactly_zero_are_told()
    {
        var data = ReportExample.Small();
        var text = PageText.Of(Page(data with { Model = data.Model with { ClassWeights = [2, 1, 0.5], Weights = [0, 1, 0, 2, 0, 3] } }));

        Assert.Contains("class | training | share | held out | class weight\ndislike | 90 | 16.7 % | 10 | 2\nlike | 180 | 33.3 % | 20 | 1\nneutral | 270 | 50.0 % | 30 | 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("3 of 6 weights are exactly 0 (50.0 %).\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_as_large_as_the_objective_is_no_certificate()
    {
        var data = ReportExample.Small();
        var text = PageText.Of(Page(data with { Result = data.Result with { SuboptimalityBound = 0.8, StoppedBy = StoppedBy.Epochs } }));

        Assert.Contains("Objective\n0.8000\nno certificate\n", text, StringComparison.Ordinal);
        Assert.Contains("Not converged: training ended after the epochs it was given. How far it is from the best possible is not known.\n", text, StringComparison.Ordinal);
        Assert.Contains("says nothing here: its bound is as large as the objective", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Distance to the best possible", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_are_drawn_with_the_means_of_their_epochs()
    {
        var data = ReportExample.Small() with
        {
            History = ReportExample.History(Enumerable.Range(1, 20).Select(i => new StepPoint(i, i, i / 8.0, i, i % 2 + i / 8, null, null))),
        };
        data = data with { Result = data.Result with { Evaluations = 20, Epochs = 2.5 } };

        var page = Page(data);

        // Of eight steps half are 0 and half 1, on top of the epochs done; the eighth step of an epoch counts one epoch more.
        Assert.Contains("Table of epochs\nepochs | step | seconds | mean objective of the batches\n1 | 8 | 8.000 | 0.625\n2 | 16 | 16.000 | 1.625\n2.5 | 20 | 20.000 | 2.5\n", PageText.Of(page), StringComparison.Ordinal);
        var lines = page.Descendants("section").Single(section => (string?)section.Attribute("id") == "training").Descendants("path");
        Assert.Equal(["line s1 faint", "line s1", "line s1 faint", "line s1"], lines.Attributes("class").Select(style => style.Value));
    }

    [Fact]
    public void A_resumption_is_marked_in_every_curve()
    {
        var data = ReportExample.Small();
        data.History.Resume(2);
        data.History.Add(new StepPoint(3, 4, 4, 0.25, 0.8, 1e-6, null));

        var page = Page(data with { ResumedFromStep = 2 });

        Assert.Equal(6, page.Descendants("text").Count(mark => mark.Value == "resumed"));
        Assert.EndsWith(" Resumed from step 2.", page.Descendants("header").Single().Elements("p").Last().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_that_are_not_finite_or_not_there_do_not_break_a_chart()
    {
        var data = ReportExample.Small() with { History = ReportExample.History(new StepPoint(0, 1, 1, 0, null, 0, null), new StepPoint(1, 2, 2, 0, 0.85, null, 0.75)) };

        var charts = Page(data).Descendants("figcaption").Select(caption => caption.Value);

        Assert.Equal(
            ["Reliability accuracy by top probability; dashed: a perfect match", "How sure it is share of the weight by top probability",
                "Objective (nats), by evaluations", "Objective (nats), by seconds", "Distance to the best possible (nats, at most; log scale), by evaluations",
                "Distance to the best possible (nats, at most; log scale), by seconds", "Log-loss, held out (nats), by evaluations", "Log-loss, held out (nats), by seconds"],
            charts);
    }

    [Fact]
    public void A_thousand_classes_and_many_long_names_stay_small_and_say_what_is_left_out()
    {
        string[] classes = [.. Enumerable.Range(0, 1000).Select(k => $"class {k} {new string('x', 60)}")];
        string[] features = [.. Enumerable.Range(0, 2000).Select(d => $"a column with a long name {d}={new string('y', 100)}")];
        var data = ReportExample.Of(classes, features) with { History = Noisy(100_000) };

        var page = ReportPage.Render(data);

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 1, SizeMax);
        var text = PageText.Of(PageText.Parse(page));
        Assert.Contains("Shown are the 30 heaviest classes; 970 more are left out: disttrain evaluate runs/taste-1 INPUT has all.", text, StringComparison.Ordinal);
        Assert.Contains(
            "Shown are the 12 heaviest classes; 988 more are left out: runs/taste-1/model has all.", text, StringComparison.Ordinal);
        Assert.Contains(
            "980 more pairs are left out: disttrain evaluate runs/taste-1 INPUT --json has all.", text, StringComparison.Ordinal);
        Assert.Contains("1,940 more are left out: runs/taste-1/model/model.json has all.", text, StringComparison.Ordinal);
        Assert.Contains("Shown are 40 of 100,000 lines, the first and the last among them: runs/taste-1/events.jsonl has all.", text, StringComparison.Ordinal);
    }

    [Theory, InlineData(20, 300, 100), InlineData(1000, 3, 200), InlineData(20, 100, 5000)]
    public void However_long_and_many_the_names_are_the_page_is_bounded(int classCount, int featureCount, int length)
    {
        var name = new string('"', length);
        string[] classes = [.. Enumerable.Range(0, classCount).Select(k => $"{k}{name}")];
        string[] features = [.. Enumerable.Range(0, featureCount).Select(d => $"{d}{name}={name}")];
        string[] lines = [.. Enumerable.Repeat(name, 100)];
        var data = ReportExample.Of(classes, features) with
        {
            Run = name,
            History = Noisy(50_000),
            Findings = [.. lines],
            Warnings = [.. lines],
            Options = new RunOptions("train", [.. lines], [.. lines.Take(60).Select(line => new RunOption("classes", [line, line], "command line", true) { IsTyped = true })]),
        };

        Assert.InRange(Encoding.UTF8.GetByteCount(ReportPage.Render(data)), SizeMax / 8, SizeMax);
    }

    [Fact]
    public void Classes_without_rows_and_with_few_are_named_at_the_top()
    {
        var data = ReportExample.Of(["none", "few", "many"], ["year"]);
        data = data with
        {
            Model = data.Model with { TrainingClassWeights = [0, 7, 500], Classes = new ClassList(data.Model.Classes.Names, [1, 2]) },
        };

        var warnings = Page(data).Descendants("section").First().Descendants("li").Select(item => item.Value);

        Assert.Equal(["1 class without training rows, and so never answered: “none”.", "1 class of very few training rows (weight below 30): “few”."], warnings);
    }

    static XElement Page(ReportData data) => PageText.Parse(ReportPage.Render(data));

    static StepHistory Noisy(int count) => ReportExample.History(
        Enumerable.Range(0, count).Select(i => new StepPoint(i, i + 1, i / 100.0, i / 50.0, 1 + i * 7919 % 1000 / 1000.0, 1.0 / (1 + i * 31 % 777), null)));

    [GeneratedRegex("https?:|//|data:|file:", RegexOptions.IgnoreCase)]
    private static partial Regex ForeignAddress();
}
