"""Cards written for the tests, in each format; a waterworks' pump model, none copied."""

from __future__ import annotations

import json

HUGGING_FACE = """---
license: apache-2.0
library_name: scikit-learn
datasets: [works/vibrations]
model-index:
- name: pump-failure
  results:
  - task: {type: tabular-classification}
    dataset: {name: Vibrations 2025, type: works/vibrations, split: test}
    metrics:
    - {type: recall, value: 0.91}
    - {type: precision, name: Precision at 0.4, value: 0.72}
---
# Model Card for pump-failure

<!-- Provide a quick summary of what the model is. -->

## Model Details

### Model Description
Gradient boosted trees over a week of vibration readings, version 4, by the asset team.

- **Developed by:** the asset team of the waterworks
- **License:** apache-2.0

## Uses

### Direct Use
Ranks pumps for the weekly inspection tour of the works.

### Out-of-Scope Use
Not for stopping a pump without a person; not for pumps younger than a month.

## Bias, Risks, and Limitations
Old pumps on remote sites are inspected less, so that people there wait longer for repairs: a risk
of unfair service that the tour plan levels out. Readings below zero degrees are unreliable.

### Recommendations
Users (both direct and downstream) should be made aware of the risks, biases and limitations of the
model. More information needed for further recommendations.

## How to Get Started with the Model
```python
# Training data
predict(table)
```

## Training Details

### Training Data
Readings of 1,200 pumps over 2022 to 2024, labelled by the repair log.

### Training Procedure
[More Information Needed]

## Evaluation

### Testing Data, Factors & Metrics

#### Testing Data
All 340 pumps of 2025, which no training row is of.

#### Factors
Age of the pump, maker, site, and season.

#### Metrics
Recall at a tour of 40 pumps, as a missed failure costs ten times a visit.

### Results

| age of pump | n | recall |
|---|---|---|
| under 5 years | 120 | 0.88 |
| 5 years and over | 220 | 0.93 |
"""

TEMPLATE = """---
{}
---
# Model Card for Model ID

<!-- Provide a quick summary of what the model is/does. -->
This modelcard aims to be a base template for new models.

## Model Details
- **Developed by:** [More Information Needed]
- **License:** [More Information Needed]
## Uses
### Direct Use
[More Information Needed]
## Bias, Risks, and Limitations
TODO
## Training Details
### Training Data
Describe the training data of the model here.
## Evaluation
#### Testing Data
Lorem ipsum dolor sit amet, consectetur adipiscing elit.
#### Factors
Factors
#### Metrics
{{ metrics | default("...") }}
### Results
Coming soon
"""

TOOLKIT = {
    "schema_version": "0.0.2",
    "model_details": {
        "name": "pump-failure",
        "overview": "Boosted trees that rank pumps by their chance to fail within a week.",
        "owners": [{"name": "Asset team", "contact": "assets@example.org"}],
        "version": {"name": "4", "date": "2025-11-03"},
        "licenses": [{"identifier": "Apache-2.0"}],
    },
    "model_parameters": {
        "data": [
            {
                "name": "training set",
                "description": "Readings of 1,200 pumps from 2022 to 2024, labelled by repairs.",
                "graphics": {"collection": [{"name": "ages", "image": "iVBORw0KGgo" * 20_000}]},
            },
            {"name": "eval set", "description": "All 340 pumps of 2025, none trained on."},
        ]
    },
    "quantitative_analysis": {
        "performance_metrics": [
            {"type": "recall", "value": "0.91", "threshold": "0.4"},
            {
                "type": "recall",
                "value": 0.88,
                "slice": "age under 5 years",
                "confidence_interval": {"lower_bound": "0.81", "upper_bound": "0.93"},
            },
        ]
    },
    "considerations": {
        "users": [{"description": "Planners of the inspection tour"}],
        "use_cases": [{"description": "Ranking pumps for the weekly tour"}],
        "limitations": [{"description": "Readings below zero degrees are unreliable."}],
        "ethical_considerations": [
            {
                "name": "Remote sites wait longer",
                "mitigation_strategy": "The tour plan levels visits out between sites.",
            }
        ],
    },
}

SAGEMAKER = {
    "model_overview": {
        "model_description": "Boosted trees that rank pumps by their chance to fail.",
        "model_version": 4,
        "model_owner": "Asset team",
    },
    "intended_uses": {
        "purpose_of_model": "Rank pumps for inspection",
        "intended_uses": "The weekly tour of the works; not for stopping a pump.",
        "factors_affecting_model_efficiency": "Age, maker and site of the pump, and the season.",
        "risk_rating": "Medium",
        "explanations_for_risk_rating": "People at remote sites may wait longer for repairs.",
    },
    "training_details": {
        "training_observations": "Readings of 1,200 pumps from 2022 to 2024.",
        "training_job_details": {
            "training_datasets": ["s3://works/vibrations"],
            "training_metrics": [{"name": "recall", "value": 0.95}],
        },
    },
    "evaluation_details": [
        {
            "name": "2025",
            "evaluation_observation": "All 340 pumps of 2025, which were not trained on.",
            "datasets": ["s3://works/vibrations-2025"],
            "metric_groups": [
                {
                    "name": "by age",
                    "metric_data": [
                        {"name": "recall under 5 years", "type": "number", "value": 0.88},
                        {"name": "recall from 5 years", "type": "number", "value": 0.93},
                    ],
                }
            ],
        }
    ],
    "additional_information": {
        "caveats_and_recommendations": "Readings below zero degrees are unreliable; ask the site.",
    },
}

PLAIN = """Pump failure
============

Boosted trees that rank pumps by their chance to fail, version 4, by the asset team.

What it is for
--------------

**Intended uses:** ranking pumps for the weekly tour of the works.

**Evaluation set:** all 340 pumps of 2025, none of which was trained on.

3. Performance by group
-----------------------
Recall 0.88 for pumps under 5 years, 0.93 for older ones.

Known limitations
-----------------
Unknown, because no winter below zero degrees was recorded.

Ethical aspects
---------------
Not applicable, because no person is judged or served differently by it.

Factors
-------
N/A

Team lunch
----------
On Fridays.
"""

DATASHEET = """# Datasheet: vibrations

## Motivation
### For what purpose was the dataset created?
To learn which pumps fail, paid for by the works itself.

## Dataset structure
12 million rows of 1,200 pumps: id, time, three axes; no personal data.

## How it was collected: source data
Sensors on each pump, once a minute, from 2022 on.

## Annotations
**Who labelled it?**
Fitters, from the repair log, two for each failure.
**Are the raw data kept?**

## Considerations for using the data
Was it used before? No.

## Licensing information
TBD

## Maintenance
Unknown: no evidence of who maintains it.
"""

EVERY = {
    "hugging face": HUGGING_FACE,
    "model card toolkit": json.dumps(TOOLKIT),
    "sagemaker": json.dumps(SAGEMAKER),
    "markdown": PLAIN,
}
