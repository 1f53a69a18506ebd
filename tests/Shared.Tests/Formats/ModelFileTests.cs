using System.Text;
using DistTrain.Data.Schema;
using DistTrain.Formats;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats;

public sealed class ModelFileTests
{
    static readonly SavedModel Model = new()
    {
        Schema = new FeatureSchema(
        [
            new NumericColumnSchema("year", 1999.1f, null),
            new NumericColumnSchema("price", 0, 12.25),
            new CategoricalColumnSchema("colour", ["red", "blau \"ä\""]),
        ]),
        Classes = new ClassList(["dislike", "neutral", "like"], [0, 2]),
        Weights = [.. Enumerable.Range(0, 15).Select(i => i is >= 5 and < 10 ? 0 : i / 7.0)],
        Intercepts = [0.25, double.NegativeInfinity, -0.25],
        TrainingClassWeights = [12.5, 0, 40],
        Input = new ModelInput("rating", null, "csv", ";", null),
        Origin = new ModelOrigin("0.1.0", OptimizerKind.Lbfgs, 1e-4, 18446744073709551615, "abcd", "sample:preferences"),
    };

    const string Golden = """
        {
          "format": "disttrain-model",
          "formatVersion": 1,
          "parametersSha256": "HASH",
          "input": {
            "label": "rating",
            "format": "csv",
            "delimiter": ";"
          },
          "origin": {
            "productVersion": "0.1.0",
            "optimizer": "lbfgs",
            "l2": 0.0001,
            "seed": 18446744073709551615,
            "datasetFingerprint": "abcd",
            "synthetic": "sample:preferences"
          },
          "classes": [
            {
              "name": "dislike",
              "active": true,
              "trainingWeight": 12.5
            },
            {
              "name": "neutral",
              "active": false,
              "trainingWeight": 0
            },
            {
              "name": "like",
              "active": true,
              "trainingWeight": 40
            }
          ],
          "columns": [
            {
              "kind": "numeric",
              "name": "year",
              "center": 1999.1
            },
            {
              "kind": "numeric",
              "name": "price",
              "center": 0,
              "missingValue": 12.25
            },
            {
              "kind": "categorical",
              "name": "colour",
              "levels": [
                "red",
                "blau \"ä\""
              ]
            }
          ]
        }

        """;

    [Fact]
    public void The_description_is_written_as_documented() =>
        Assert.Equal(Golden.ReplaceLineEndings("\n").Replace("HASH", Model.ParametersSha256, StringComparison.Ordinal), Describe(Model));

    [Fact]
    public void What_is_written_is_read()
    {
        var read = Read(Describe(Model), Model);

        Assert.Equal(Describe(Model), Describe(read));
        Assert.Equal(Model.Weights, read.Weights);
        Assert.Equal(Model.Intercepts, read.Intercepts);
        Assert.Equal(2, read.MajorityClass);
        Assert.Equal(1999.1f, ((NumericColumnSchema)read.Schema.Columns[0]).Center);
    }

    [Fact]
    public void Class_weights_are_kept_where_there_are_any()
    {
        var model = Model with { ClassWeights = [0.5, 1, 3] };

        var read = Read(Describe(model), model);

        Assert.Equal(Describe(model), Describe(read));
        Assert.Equal([0.5, 3], read.Targets.ClassWeights.AsEnumerable());
        Assert.DoesNotContain("classWeight", Describe(Model), StringComparison.Ordinal);
        Assert.Empty(Read(Describe(Model), Model).ClassWeights);
    }

    [Fact]
    public void Penalties_beside_lambda2_are_told_where_there_were_any()
    {
        var model = Model with { Origin = Model.Origin with { L1 = 0.25, IsStandardized = true, HasPenaltyFactors = true } };

        var description = Describe(model);

        Assert.Contains(
            "\"l2\": 0.0001,\n    \"l1\": 0.25,\n    \"standardized\": true,\n    \"penaltyFactors\": true,\n", description, StringComparison.Ordinal);
        Assert.Equal(model.Origin, Read(description, model).Origin);
    }

    [Fact]
    public void A_temperature_is_kept_to_the_bit()
    {
        var model = Model with { Temperature = 1 / 1.7 };

        var read = Read(Describe(model), model);

        Assert.Equal(1 / 1.7, read.Temperature);
        Assert.Equal(1 / (1 / 1.7), read.InverseTemperature);
        Assert.Null(Read(Describe(Model), Model).Temperature);
        Assert.Equal(1, Model.InverseTemperature);
    }

    [Theory, InlineData("0"), InlineData("-1"), InlineData("0.0099"), InlineData("101")]
    public void A_temperature_out_of_range_is_refused(string temperature)
    {
        var description = Describe(Model).Replace("\"input\":", $"\"temperature\": {temperature}, \"input\":", StringComparison.Ordinal);

        var problem = Assert.Throws<DistTrainException>(() => Read(description, Model)).Problem;

        Assert.Equal(("DT7002", $"model.json: temperature {temperature} is not from 0.01 to 100"), (problem.Code, problem.Message));
    }

    [Fact]
    public void Columns_of_a_sparse_file_keep_their_indices()
    {
        var columns = new IndexedColumnsSchema([1, 7, int.MaxValue], [0, 0.1f, 0], 1);
        var model = Model with { Schema = new FeatureSchema([columns]), Weights = new double[9] };

        var read = (IndexedColumnsSchema)Read(Describe(model), model).Schema.Columns.Single();

        Assert.Equal(columns.Indices.AsEnumerable(), read.Indices);
        Assert.Equal(columns.Centers.AsEnumerable(), read.Centers);
        Assert.Equal(1, read.IndexBase);
    }

    [Theory]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2", "DT7003", "model.json: format version 2, but this version reads 1")]
    [InlineData("disttrain-model", "other", "DT7002", "model.json: not the description of a model")]
    [InlineData("\"l2\": 0.0001", "\"l3\": 0.0001", "DT7002", "model.json: field \"origin.l2\" is missing")]
    [InlineData("\"l2\"", "\"l0\": 0, \"l2\"", "DT7002", "model.json: field \"origin.l0\" is not known")]
    [InlineData("\"l2\": 0.0001", "\"l2\": \"a\"", "DT7002", "model.json: field \"origin.l2\" is a text, not a number")]
    [InlineData("\"l2\": 0.0001", "\"l2\": 1e999", "DT7002", "model.json: field \"origin.l2\" is out of range")]
    [InlineData("\"seed\": 18446744073709551615", "\"seed\": -1", "DT7002", "model.json: field \"origin.seed\" is not a whole number of at least 0")]
    [InlineData("lbfgs", "bfgs", "DT7002", "model.json: optimizer \"bfgs\" is not known")]
    [InlineData("\"categorical\"", "\"hashed\"", "DT7002", "model.json: columns of kind \"hashed\" are not known")]
    [InlineData("\"active\": true", "\"active\": false", "DT7002", "model.json: fewer than two active classes")]
    [InlineData("\"trainingWeight\": 40", "\"trainingWeight\": 40, \"classWeight\": 0", "DT7002", "model.json: a class weight is not above 0")]
    [InlineData("\"neutral\"", "\"like\"", "DT7002", "model.json: two classes have the same name")]
    [InlineData("blau \\\"ä\\\"", "red", "DT7002", "model.json: column \"colour\" has the same level twice")]
    [InlineData("\"csv\"", "\"xls\"", "DT7002", "model.json: input format \"xls\" is not known")]
    [InlineData("\"delimiter\"", "\"encoding\": \"utf-7\", \"delimiter\"", "DT7002", "model.json: encoding \"utf-7\" is not known")]
    [InlineData("\"red\",", "3,", "DT7002", "model.json: field \"columns[2].levels\" holds a number where each entry must be a text")]
    [InlineData("\"red\",", "", "DT7004", "parameters.safetensors: 3 classes and 15 weights, but model.json describes 3 classes of 4 features")]
    [InlineData("HASH", "0000", "DT7004", "parameters.safetensors: the numbers are not those that model.json names by their SHA-256")]
    public void What_is_not_understood_is_refused_by_name(string found, string replacement, string code, string message)
    {
        var description = Golden.Replace(found, replacement, StringComparison.Ordinal)
            .Replace("HASH", Model.ParametersSha256, StringComparison.Ordinal);

        var problem = Assert.Throws<DistTrainException>(() => Read(description, Model)).Problem;

        Assert.Equal((code, ExitCode.Unreadable, message), (problem.Code, problem.ExitCode, problem.Message));
    }

    [Fact]
    public void A_description_cut_short_anywhere_is_refused()
    {
        var description = Describe(Model).TrimEnd();
        for (var length = 0; length < description.Length; length++)
            Assert.Equal("DT7002", Assert.Throws<DistTrainException>(() => Read(description[..length], Model)).Problem.Code);
    }

    [Theory, InlineData("\\ud800"), InlineData("re\\udc00d")]
    public void Half_a_character_is_refused(string level)
    {
        var description = Describe(Model).Replace("red", level, StringComparison.Ordinal);
        Assert.Matches(
            "^model.json: the text at byte [0-9]+ is not Unicode$", Assert.Throws<DistTrainException>(() => Read(description, Model)).Problem.Message);
    }

    [Fact]
    public void A_field_that_stands_twice_is_refused()
    {
        var description = Describe(Model).Replace("\"seed\"", "\"seed\": 1, \"seed\"", StringComparison.Ordinal);
        Assert.StartsWith("model.json: not valid JSON", Assert.Throws<DistTrainException>(() => Read(description, Model)).Problem.Message);
    }

    static SavedModel Read(string description, SavedModel numbers)
    {
        using var parameters = new MemoryStream();
        ParametersFile.Write(parameters, numbers.Weights, numbers.Intercepts);
        parameters.Position = 0;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(description));
        return ModelFileReader.Read(stream, "model.json", parameters, "parameters.safetensors");
    }

    static string Describe(SavedModel model)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, model);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
