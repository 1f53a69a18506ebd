using System.Collections.Immutable;

namespace DistTrain.Data.Samples;

/// <summary>The words of the preference sample.</summary>
static class SampleWords
{
    public static readonly ImmutableArray<string> AgeBands = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"];

    public static readonly ImmutableArray<string> Occupations =
        ["artist", "clerk", "craftsman", "doctor", "engineer", "farmer", "lawyer", "manager", "retired", "scientist", "student", "teacher"];

    public static readonly ImmutableArray<string> Genres =
        ["action", "comedy", "crime", "documentary", "drama", "fantasy", "horror", "music", "romance", "science_fiction"];
}
