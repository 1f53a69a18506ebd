using DistTrain.Data;
using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class ClassLearningTests
{
    [Fact]
    public void Numbers_are_in_numeric_order() => Assert.Equal(["1", "2", "10"], Learn(Labelled("10", "2", "1", "2")).Names.AsEnumerable());

    [Fact]
    public void Names_are_in_ordinal_order() =>
        Assert.Equal(["Like", "dislike", "neutral"], Learn(Labelled("neutral", "dislike", "Like")).Names.AsEnumerable());

    [Fact]
    public void Declared_classes_keep_their_order_and_need_not_occur()
    {
        var classes = Learn(Labelled("like", "dislike"), new DatasetOptions { Classes = ["dislike", "neutral", "like"] });

        Assert.Equal(["dislike", "neutral", "like"], classes.Names.AsEnumerable());
        Assert.Equal([0, 2], classes.Active.AsEnumerable());
    }

    [Fact]
    public void A_class_without_training_weight_is_listed_but_not_active()
    {
        var table = Labelled("a", "b", "c", "d").Weighted(1, 0, 1, 1);

        var classes = ClassLearning.Learn(table, Labelled("e"), [false, false, false, true], new DatasetOptions());

        Assert.Equal(["a", "b", "c", "d", "e"], classes.Names.AsEnumerable());
        Assert.Equal([0, 2], classes.Active.AsEnumerable());
        Assert.Equal([1, 3, 4], classes.Inactive.AsEnumerable());
        Assert.Equal([0, -1, 1, -2], ClassLearning.ShardLabelsOf(table, classes));
        Assert.Equal([-3, 1], ClassLearning.ShardLabelsOf(Labelled("e", "c"), classes));
    }

    [Fact]
    public void A_label_that_was_not_declared_is_refused_with_its_place() => Assert.Equal(
        """
        DT4505: input.csv:4: label is "likes", which --classes does not name
        expected: dislike, like
        did you mean "like"?
        fix: name it in --classes, or leave such rows out
        """,
        Refusal.TextOf(() => Learn(Labelled("like", "dislike", "likes"), new DatasetOptions { Classes = ["dislike", "like"] })));

    [Fact]
    public void A_label_that_the_model_does_not_know_is_refused_with_its_place() => Assert.Equal(
        "DT4506: input.csv:3: label is \"7\", but the model has 5 classes (0, 1, 2, 3, 4)\nfix: leave such rows out, or train on rows of that class too",
        Refusal.TextOf(() => ClassLearning.ShardLabelsOf(Labelled("4", "7"), new ClassList(["0", "1", "2", "3", "4"], [0, 1, 2, 3, 4]))));

    [Fact]
    public void An_identifier_is_refused() => Assert.Equal(
        """
        DT4507: input.csv:5: label "class" has 4 different values, more than 3
        an identifier, or a number?
        fix: --label NAME, or --max-classes N if they are classes
        """,
        Refusal.TextOf(() => Learn(Labelled("1", "2", "3", "4"), new DatasetOptions { MaxClasses = 3 })));

    [Fact]
    public void A_single_class_is_refused() => Assert.Equal(
        """
        DT4508: input.csv: all training rows with weight have the label "a" (column "class")
        expected: at least 2 classes to tell apart
        fix: add rows of another class, or --label NAME
        """,
        Refusal.TextOf(() => Learn(Labelled("a", "a", "b").Weighted(1, 2, 0))));

    [Fact]
    public void Where_validation_took_the_other_classes_that_is_told() => Assert.Equal(
        """
        DT4508: input.csv: all training rows with weight have the label "b" (column "class")
        expected: at least 2 classes to tell apart
        fix: --validation 0: the rows held out have other labels
        """,
        Refusal.TextOf(() => ClassLearning.Learn(Labelled("a", "b"), null, [true, false], new DatasetOptions())));

    [Fact]
    public void Rows_without_any_weight_are_refused() => Assert.Equal(
        "DT4508: input.csv: no training row has a weight above 0\nexpected: at least 2 classes to tell apart\nfix: weights above 0, or leave --weight away",
        Refusal.TextOf(() => Learn(Labelled("a", "b").Weighted(0, 0))));

    [Fact]
    public void A_table_without_labels_is_refused() => Assert.Equal(
        "DT4503: input.csv has no labels\nexpected: a label for each row\nfix: --label NAME",
        Refusal.TextOf(() => ClassLearning.Learn(SmallTables.Of(null, SmallTables.Number("x", 1)), null, [false], new DatasetOptions())));

    static Table Labelled(params string[] labels) => SmallTables.Of(labels, SmallTables.Number("x", labels.Length, row => row));

    static ClassList Learn(Table table, DatasetOptions? options = null) =>
        ClassLearning.Learn(table, null, new bool[table.RowCount], options ?? new DatasetOptions());
}
